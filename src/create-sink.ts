import { DisabledSink } from './disabled-sink.ts';
import type { Endpoints } from './endpoints.ts';
import { configError, errorText } from './errors.ts';
import { ExporterSink } from './exporter-sink.ts';
import { type FrameStore, memoryStore } from './frame-store.ts';
import { Journal } from './journal/journal.ts';
import { type JournalTarget, targetOf } from './journal/journal-header.ts';
import { ownIdentity } from './journal/process-identity.ts';
import { DEFAULT_SPOOL_BYTES, defaultSpoolDirectory } from './journal/spool.ts';
import { OtlpSink } from './otlp-sink.ts';
import { type RequestHead, requestHead } from './otlp-writer.ts';
import { otlpOutlet, simvueOutlet } from './outlet.ts';
import type { Reports } from './reports.ts';
import type { RunConfig } from './run-options.ts';
import type { RunIdentity } from './run-resource.ts';
import { SCOPE_NAME } from './semconv.ts';
import type { TelemetrySink } from './telemetry-sink.ts';
import { VERSION } from './version.ts';

const DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024;
/** The instrumentation scope of what a run sends. */
export const SCOPE = { name: SCOPE_NAME, version: VERSION };

export interface SinkOptions {
  readonly config: RunConfig;
  readonly identity: RunIdentity;
  readonly startUnixNano: bigint;
  /** Undefined = offline, or an exporter knows the address. */
  readonly endpoints: Endpoints | undefined;
  readonly reports: Reports;
  readonly onDelivered: () => void;
}

/** The way out that a configuration asks for. */
export function createSink(options: SinkOptions): TelemetrySink {
  const { config, identity, startUnixNano, endpoints, reports, onDelivered } = options;
  const memoryLimitBytes = config.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES;
  const { resource } = identity;
  if (config.mode === 'disabled') return new DisabledSink();
  if (config.mode !== 'offline' && config.exporter !== undefined) {
    return new ExporterSink({ resource, scope: SCOPE, memoryLimitBytes, reports, exporter: config.exporter });
  }
  const head = requestHead(resource, SCOPE);
  const inMemory = config.journal === 'memory' && config.mode !== 'offline';
  const target = endpoints && targetOf(endpoints, config.transport);
  const journal = inMemory ? undefined : openJournal(config, options, head, target);
  const store = journal ?? memoryStore(memoryLimitBytes);
  const common = { head, store, reports, onDelivered };
  if (endpoints === undefined) return new OtlpSink({ ...common, outlet: undefined, endpoints });
  if (config.transport === 'simvue') {
    return new OtlpSink({
      ...common,
      outlet: simvueOutlet(endpoints.control, head, startUnixNano),
      endpoints: undefined,
    });
  }
  return new OtlpSink({ ...common, outlet: otlpOutlet(endpoints, identity.id), endpoints });
}

/** A run goes on without a journal; offline it would be lost, so there the failure is the caller's. */
function openJournal(
  config: RunConfig,
  { identity: { id, name, instanceId }, startUnixNano, reports }: SinkOptions,
  head: RequestHead,
  target: JournalTarget | undefined,
): FrameStore | undefined {
  const spoolDirectory = config.spoolDirectory ?? defaultSpoolDirectory(process.env);
  const start = { startUnixNano: String(startUnixNano) };
  const header = { runId: id, runName: name, target, writer: ownIdentity(), ...start, head };
  const maxBytes = config.spoolMaxBytes ?? DEFAULT_SPOOL_BYTES;
  try {
    return new Journal({
      spoolDirectory,
      maxBytes,
      instanceId,
      header,
      sends: target !== undefined,
      memoryLimitBytes: config.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES,
      reports,
    });
  } catch (error) {
    const problem = `${spoolDirectory}: ${errorText(error)}`;
    if (target === undefined) throw configError('spoolDirectory', problem, 'Offline runs need one.', error);
    reports.once('journal', `No journal, unsent data is kept in memory: ${problem}`);
    return undefined;
  }
}
