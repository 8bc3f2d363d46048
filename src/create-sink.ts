import { DisabledSink } from './disabled-sink.ts';
import type { Endpoints } from './endpoints.ts';
import { configError, errorText } from './errors.ts';
import { ExporterSink } from './exporter-sink.ts';
import { type FrameStore, memoryStore } from './frame-store.ts';
import { Journal } from './journal/journal.ts';
import { targetOf } from './journal/journal-header.ts';
import { ownIdentity } from './journal/process-identity.ts';
import { DEFAULT_SPOOL_BYTES, defaultSpoolDirectory } from './journal/spool.ts';
import { OtlpSink } from './otlp-sink.ts';
import { type RequestHead, requestHead } from './otlp-writer.ts';
import { otlpOutlet } from './outlet.ts';
import type { Reports } from './reports.ts';
import type { RunConfig } from './run-options.ts';
import type { RunIdentity } from './run-resource.ts';
import { SCOPE_NAME } from './semconv.ts';
import { simvueExporterPair } from './simvue/simvue-exporter-pair.ts';
import type { TelemetrySink } from './telemetry-sink.ts';
import { VERSION } from './version.ts';

const DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024;
const SCOPE = { name: SCOPE_NAME, version: VERSION };

export interface SinkOptions {
  readonly config: RunConfig;
  readonly identity: RunIdentity;
  /** Undefined = offline, or an exporter knows the address. */
  readonly endpoints: Endpoints | undefined;
  readonly reports: Reports;
  readonly onDelivered: () => void;
}

/** The way out that a configuration asks for. */
export function createSink({ config, identity, endpoints, reports, onDelivered }: SinkOptions): TelemetrySink {
  const memoryLimitBytes = config.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES;
  const { resource } = identity;
  if (config.mode === 'disabled') return new DisabledSink();
  if (config.mode !== 'offline') {
    const common = { resource, scope: SCOPE, memoryLimitBytes, reports };
    if (config.exporter !== undefined) return new ExporterSink({ ...common, exporter: config.exporter });
    if (config.transport === 'simvue') {
      const exporter = simvueExporterPair(config);
      const onShutdown = () => Promise.all([exporter.metrics.shutdown(), exporter.logs.shutdown()]);
      return new ExporterSink({ ...common, exporter, onShutdown });
    }
  }
  const head = requestHead(resource, SCOPE);
  const inMemory = config.journal === 'memory' && config.mode !== 'offline';
  const journal = inMemory ? undefined : openJournal(config, identity, head, endpoints, reports);
  const outlet = endpoints && otlpOutlet(endpoints, identity.id);
  return new OtlpSink({
    outlet,
    endpoints,
    head,
    store: journal ?? memoryStore(memoryLimitBytes),
    reports,
    onDelivered,
  });
}

/** A run goes on without a journal; offline it would be lost, so there the failure is the caller's. */
function openJournal(
  config: RunConfig,
  { id, name, instanceId }: RunIdentity,
  head: RequestHead,
  endpoints: Endpoints | undefined,
  reports: Reports,
): FrameStore | undefined {
  const spoolDirectory = config.spoolDirectory ?? defaultSpoolDirectory(process.env);
  const target = endpoints && targetOf(endpoints);
  const header = { runId: id, runName: name, target, writer: ownIdentity(), head };
  const maxBytes = config.spoolMaxBytes ?? DEFAULT_SPOOL_BYTES;
  try {
    return new Journal({
      spoolDirectory,
      maxBytes,
      instanceId,
      header,
      sends: endpoints !== undefined,
      memoryLimitBytes: config.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES,
      reports,
    });
  } catch (error) {
    const problem = `${spoolDirectory}: ${errorText(error)}`;
    if (endpoints === undefined) throw configError('spoolDirectory', problem, 'Offline runs need one.', error);
    reports.once('journal', `No journal, unsent data is kept in memory: ${problem}`);
    return undefined;
  }
}
