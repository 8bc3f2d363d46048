import type { Alerting } from './alerting.ts';
import type { SelfMetrics } from './api/self-metrics.ts';
import type { DiskTrouble } from './pipeline/disk-trouble.ts';
import type { IngestPipeline } from './pipeline/ingest.ts';
import type { ReceivedAmounts } from './pipeline/received-amounts.ts';
import type { ReceiverObservation } from './receiver/otlp-intake.ts';
import type { IngestLog } from './store/ingest-log-port.ts';
import type { TelemetryStore } from './store/telemetry-store.ts';

/** Counts answered requests in the collector's own metrics. */
export function observeReceiver(metrics: SelfMetrics): (observation: ReceiverObservation) => void {
  return ({ signal, status, points, records }) => {
    metrics.receivedRequests.add(1, { signal });
    metrics.receivedItems.add(points + records, { signal });
    if (status !== 200) metrics.refusedRequests.add(1, { status: String(status) });
  };
}

/** Copies the totals that pipeline, log and store keep before each scrape. */
export function observeStorage(
  metrics: SelfMetrics,
  parts: {
    readonly pipeline: IngestPipeline;
    readonly log: IngestLog;
    readonly telemetry: TelemetryStore;
    readonly received: ReceivedAmounts;
  },
): void {
  metrics.onCollect(async () => {
    const { pipeline, log, telemetry, received } = parts;
    for (const [reason, count] of pipeline.refusals.entries) metrics.refusedItems.set(count, { reason });
    metrics.uncountedBytes.set(received.uncountedBytes);
    metrics.logBytes.set(log.statistics.bytes);
    metrics.logCommitSeconds.setSummary(log.statistics.groups, log.statistics.commitSeconds);
    const shards = await telemetry.statistics();
    const sum = (of: (shard: (typeof shards)[number]) => number): number =>
      shards.reduce((total, shard) => total + of(shard), 0);
    metrics.storedPoints.set(sum((shard) => shard.points));
    metrics.storedEvents.set(sum((shard) => shard.events));
    metrics.storedSpans.set(sum((shard) => shard.spans));
    metrics.duplicatePoints.set(sum((shard) => shard.duplicates));
    metrics.duplicateEvents.set(sum((shard) => shard.duplicateEvents));
    metrics.duplicateSpans.set(sum((shard) => shard.duplicateSpans));
    metrics.latePoints.set(sum((shard) => shard.latePoints));
    metrics.chunks.set(sum((shard) => shard.chunks));
    metrics.mergedChunks.set(sum((shard) => shard.mergedChunks));
    metrics.series.set(sum((shard) => shard.series));
    metrics.queueBytes.set(sum((shard) => shard.liveBytes));
    for (const [shard, { commitSeconds }] of shards.entries()) {
      metrics.storeCommitSeconds.set(commitSeconds, { shard: String(shard) });
    }
  });
}

/** Tells before each scrape how many parts cannot write. */
export function observeDisk(metrics: SelfMetrics, disk: DiskTrouble): void {
  metrics.onCollect(() => metrics.diskTrouble.set([...disk.parts].length));
}

/** Copies what alerts count before each scrape. */
export function observeAlerts(metrics: SelfMetrics, { stream, notifier }: Pick<Alerting, 'stream' | 'notifier'>): void {
  metrics.onCollect(() => {
    const { rules, states, unwatched, dropped } = stream.statistics;
    metrics.alertRules.set(rules);
    metrics.alertStates.set(states);
    metrics.alertUnwatched.set(unwatched);
    metrics.alertDropped.set(dropped);
    for (const { name, sentMessages, waitingMessages, failures } of notifier.health) {
      metrics.alertMessages.set(sentMessages, { channel: name });
      metrics.alertWaiting.set(waitingMessages, { channel: name });
      metrics.alertFailures.set(failures, { channel: name });
    }
  });
}
