import { readFileSync } from 'node:fs';
import { configError, errorText } from 'simvue-otel/errors';
import type { SelfMetrics } from './api/self-metrics.ts';
import type { CollectorConfig } from './config.ts';
import type { ExportConfig } from './export-config.ts';
import type { ForwarderParts, SimvueForwarder } from './exporter/simvue-forwarder.ts';
import type { MetricArray } from './pipeline/metric-array.ts';
import { StagingArena } from './pipeline/staging.ts';
import { createRequestDecoder } from './receiver/request-decoder.ts';

/** The exporters of a collector. */
export interface Exporting {
  /** Records of the log below are sent to every target. */
  readonly safeSequence: number;
  runChanged(runId: string): void;
  /** Arrays are durable here; when this returns, so is that they are to be forwarded. */
  arraysStored(runId: string, arrays: readonly MetricArray[]): void;
  /** Begins to send; the log must have been replayed. */
  start(): void;
  /** Fills the metrics of exporters before each scrape. */
  observe(metrics: SelfMetrics): void;
  close(): Promise<void>;
}

type ExportingParts = Omit<ForwarderParts, 'target' | 'arena' | 'decoder' | 'maxQueueBytes'> & {
  readonly config: Pick<CollectorConfig, 'exports' | 'maxExportQueueBytes'>;
};

/** Opens the exporters that `--export` names. @throws `SIMVUE_ERR_CONFIG` for a file without a token. */
export async function createExporting(parts: ExportingParts): Promise<Exporting> {
  const forwarders = parts.config.exports.length === 0 ? [] : await openForwarders(parts);
  return {
    get safeSequence() {
      return Math.min(...forwarders.map(({ safeSequence }) => safeSequence));
    },
    runChanged: (runId) => {
      for (const forwarder of forwarders) forwarder.runChanged(runId);
    },
    arraysStored: (runId, arrays) => {
      if (forwarders.length > 0) parts.catalog.exports.noteArrays(runId, arrays);
    },
    start: () => {
      for (const forwarder of forwarders) forwarder.start();
    },
    observe: (metrics) => metrics.onCollect(() => observeForwarders(metrics, forwarders)),
    close: async () => {
      await Promise.all(forwarders.map((forwarder) => forwarder.close()));
    },
  };
}

/** Who forwards nothing does not load the client for it. */
async function openForwarders({ config, ...parts }: ExportingParts): Promise<readonly SimvueForwarder[]> {
  const { SimvueForwarder } = await import('./exporter/simvue-forwarder.ts');
  return config.exports.map((target) => {
    const arena = new StagingArena(() => undefined);
    const decoder = createRequestDecoder({ arena });
    const { maxExportQueueBytes: maxQueueBytes } = config;
    return new SimvueForwarder({ ...parts, target: withToken(target), arena, decoder, maxQueueBytes });
  });
}

function observeForwarders(metrics: SelfMetrics, forwarders: readonly SimvueForwarder[]): void {
  for (const { url, statistics, health } of forwarders) {
    const target = url;
    metrics.exportQueueRecords.set(statistics.waitingRecords, { target });
    metrics.exportWaitingRuns.set(statistics.waitingRuns, { target });
    metrics.exportWaitingFolders.set(statistics.waitingFolders, { target });
    metrics.exportQueueBytes.set(statistics.waitingBytes, { target });
    metrics.exportSent.set(health.sentItems, { target });
    metrics.exportDropped.set(health.droppedRecords, { target });
    metrics.exportFailures.set(health.failures, { target });
    for (const [reason, count] of health.refusals.entries) metrics.exportRefused.set(count, { target, reason });
  }
}

function withToken({ url, token, tokenFile, deletions }: ExportConfig) {
  if (tokenFile === undefined) return { url, token, deletions };
  try {
    const text = readFileSync(tokenFile, 'utf8').trim();
    if (text !== '') return { url, token: text, deletions };
  } catch (error) {
    throw configError('--export', `token-file: ${errorText(error)}`, 'Name a file that holds the token');
  }
  throw configError('--export', `token-file: ${tokenFile} is empty`, 'Name a file that holds the token');
}
