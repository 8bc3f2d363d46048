import type { LiveHub } from './live-hub.ts';
import { type MetricFamily, MetricRegistry } from './prometheus-text.ts';

/** What the collector tells about itself on `/metrics`; filled by the parts that know. */
export interface SelfMetrics {
  /** Requests by `signal`: `metrics`, `logs`, `traces`. */
  readonly receivedRequests: MetricFamily;
  /** Points and records in decoded requests, by `signal`. */
  readonly receivedItems: MetricFamily;
  readonly storedPoints: MetricFamily;
  readonly storedEvents: MetricFamily;
  readonly storedSpans: MetricFamily;
  /** Points and records that were refused, by `reason`. */
  readonly refusedItems: MetricFamily;
  /** Requests that were answered 4xx or 503, by `status`. */
  readonly refusedRequests: MetricFamily;
  /** Requests whose credentials did not let them in, by `reason`. */
  readonly refusedCredentials: MetricFamily;
  readonly duplicatePoints: MetricFamily;
  readonly duplicateEvents: MetricFamily;
  readonly duplicateSpans: MetricFamily;
  readonly latePoints: MetricFamily;
  readonly chunks: MetricFamily;
  readonly mergedChunks: MetricFamily;
  readonly series: MetricFamily;
  readonly queueBytes: MetricFamily;
  /** Data that counts for no tenant, for too many runs were written to at once. */
  readonly uncountedBytes: MetricFamily;
  /** Rules that are evaluated, and their states: one a series. */
  readonly alertRules: MetricFamily;
  readonly alertStates: MetricFamily;
  /** Series that no rule had room for, and evaluations that found no room to be kept. */
  readonly alertUnwatched: MetricFamily;
  readonly alertDropped: MetricFamily;
  /** Messages and failures in a row, by `channel`. */
  readonly alertMessages: MetricFamily;
  readonly alertWaiting: MetricFamily;
  readonly alertFailures: MetricFamily;
  /** What waits for a `target`, what it took, and what it or its queue had no place for, by `reason`. */
  readonly exportQueueRecords: MetricFamily;
  readonly exportQueueBytes: MetricFamily;
  readonly exportWaitingRuns: MetricFamily;
  readonly exportWaitingFolders: MetricFamily;
  readonly exportSent: MetricFamily;
  readonly exportRefused: MetricFamily;
  readonly exportDropped: MetricFamily;
  /** Failures in a row, by `target`: 0 = it takes what is sent. */
  readonly exportFailures: MetricFamily;
  /** Parts of the data directory that cannot be written: while there is one, data is refused. */
  readonly diskTrouble: MetricFamily;
  readonly logBytes: MetricFamily;
  /** Durable writes of the ingest log: number and seconds. */
  readonly logCommitSeconds: MetricFamily;
  /** Seconds in commits of the store, by `shard`. */
  readonly storeCommitSeconds: MetricFamily;
  /** Registers what copies totals that are kept elsewhere; runs before each scrape. */
  onCollect(collect: () => void | Promise<void>): void;
  /** Prometheus text format. */
  render(): Promise<string>;
}

/** Makes the collector's own metrics; those of the live streams and of the process fill themselves. */
export function createSelfMetrics(version: string, live: LiveHub): SelfMetrics {
  const registry = new MetricRegistry();
  const name = (rest: string): string => `simvue_collector_${rest}`;
  registry.gauge(name('info'), 'Version of the collector.').set(1, { version });
  const memory = registry.gauge('process_resident_memory_bytes', 'Resident memory.');
  const readers = registry.gauge(name('live_readers'), 'Open live streams.');
  const messages = registry.counter(name('live_messages_total'), 'Changes sent to live streams.');
  const dropped = registry.counter(name('live_dropped_total'), 'Live streams dropped because nobody read them.');
  registry.onCollect(() => {
    memory.set(process.memoryUsage.rss());
    readers.set(live.statistics.subscribers);
    messages.set(live.statistics.messages);
    dropped.set(live.statistics.dropped);
  });
  return {
    refusedCredentials: registry.counter(name('refused_credentials_total'), 'Requests that were not let in.'),
    receivedRequests: registry.counter(name('received_requests_total'), 'OTLP requests received.'),
    receivedItems: registry.counter(name('received_items_total'), 'Points and records in decoded requests.'),
    storedPoints: registry.counter(name('stored_points_total'), 'Points stored.'),
    storedEvents: registry.counter(name('stored_events_total'), 'Events stored.'),
    storedSpans: registry.counter(name('stored_spans_total'), 'Spans stored.'),
    refusedItems: registry.counter(name('refused_items_total'), 'Points and records refused, by reason.'),
    refusedRequests: registry.counter(name('refused_requests_total'), 'Requests refused as a whole, by HTTP status.'),
    duplicatePoints: registry.counter(name('duplicate_points_total'), 'Points that were stored already.'),
    duplicateEvents: registry.counter(name('duplicate_events_total'), 'Events that were stored already.'),
    duplicateSpans: registry.counter(name('duplicate_spans_total'), 'Spans that were stored already.'),
    latePoints: registry.counter(name('late_points_total'), 'Points older than the newest chunk of their series.'),
    chunks: registry.counter(name('chunks_total'), 'Chunks written.'),
    mergedChunks: registry.counter(name('merged_chunks_total'), 'Small and late chunks that went into others.'),
    series: registry.gauge(name('series'), 'Series in memory.'),
    queueBytes: registry.gauge(name('queue_bytes'), 'Bytes accepted and not yet in committed chunks.'),
    alertRules: registry.gauge(name('alert_rules'), 'Rules that are evaluated, one for each run.'),
    alertStates: registry.gauge(name('alert_states'), 'States of rules, one for each series.'),
    alertUnwatched: registry.gauge(name('alert_unwatched_series'), 'Series that a rule had no room for.'),
    alertDropped: registry.counter(name('alert_dropped_total'), 'Evaluations that found no room to be kept.'),
    alertMessages: registry.counter(name('alert_messages_total'), 'Messages that were sent, by channel.'),
    alertWaiting: registry.gauge(name('alert_waiting'), 'Messages that wait, by channel; at most 10,000.'),
    alertFailures: registry.gauge(name('alert_failures'), 'Failures since the last success, by channel.'),
    uncountedBytes: registry.counter(name('uncounted_bytes_total'), 'Bytes received that count for no tenant.'),
    exportQueueRecords: registry.gauge(name('export_queue_records'), 'Requests that wait to be forwarded, by target.'),
    exportQueueBytes: registry.gauge(name('export_queue_bytes'), 'Bytes of the ingest log that wait, by target.'),
    exportWaitingRuns: registry.gauge(
      name('export_waiting_runs'),
      'Runs of which artifacts, alerts or arrays wait, by target.',
    ),
    exportWaitingFolders: registry.gauge(name('export_waiting_folders'), 'Folders whose details wait, by target.'),
    exportSent: registry.counter(name('export_sent_items_total'), 'Points, events and arrays forwarded, by target.'),
    exportRefused: registry.counter(name('export_refused_items_total'), 'Not taken by the target, by reason.'),
    exportDropped: registry.counter(name('export_dropped_records_total'), 'Requests for which the queue was full.'),
    exportFailures: registry.gauge(name('export_failures'), 'Failures since the last success, by target.'),
    diskTrouble: registry.gauge(name('disk_trouble'), 'Parts that cannot write to the disk; above 0 data is refused.'),
    logBytes: registry.counter(name('log_bytes_total'), 'Bytes appended to the ingest log.'),
    logCommitSeconds: registry.summary(name('log_commit_seconds'), 'Durable writes of the ingest log.'),
    storeCommitSeconds: registry.counter(name('store_commit_seconds_total'), 'Seconds in commits of the store.'),
    onCollect: (collect) => registry.onCollect(collect),
    render: () => registry.render(),
  };
}
