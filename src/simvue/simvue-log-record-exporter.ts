import { diag } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { EVENT } from '../semconv.ts';
import { hrTimeToUnixNano } from '../time.ts';
import { type EventEntry, eventEntry, eventNameOf } from './log-entries.ts';
import { PendingExports } from './pending-exports.ts';
import type { RemoteRun } from './remote-run.ts';
import { controlChange } from './run-change.ts';
import { type SimvueExporterOptions, SimvueServer } from './simvue-server.ts';

/**
 * Sends log records to a Simvue server over its REST API: plain ones as events of their resource's run, those with a
 * reserved name as changes of it.
 */
export class SimvueLogRecordExporter implements LogRecordExporter {
  readonly #options: SimvueExporterOptions;
  readonly #server: SimvueServer;
  readonly #pending = new PendingExports();
  readonly #unknown = new Set<string>();

  /** @throws `SIMVUE_ERR_CONFIG` for an address that is none. */
  constructor(options: SimvueExporterOptions = {}) {
    this.#options = options;
    this.#server = SimvueServer.open(options);
  }

  export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
    this.#pending.add(() => this.#export(records), done);
  }

  forceFlush(): Promise<void> {
    return this.#pending.all();
  }

  async shutdown(): Promise<void> {
    await this.#pending.all();
    for (const problem of await this.#server.close()) diag.warn(`A Simvue run was not ended: ${problem}`);
  }

  async #export(records: readonly ReadableLogRecord[]): Promise<void> {
    const signal = this.#server.deadline(this.#options.timeoutMillis);
    const firsts = new Map(records.toReversed().map(({ resource, hrTime }) => [resource, hrTime]));
    for (const [resource, firstTime] of firsts) {
      const group = records.filter((record) => record.resource === resource);
      const run = await this.#server.runs.of(resource, hrTimeToUnixNano(firstTime), signal);
      await this.#exportRun(run, group, signal);
    }
  }

  /** In the order of the records: what is said before the end of a run arrives before it. */
  async #exportRun(run: RemoteRun, records: readonly ReadableLogRecord[], signal: AbortSignal): Promise<void> {
    let events: EventEntry[] = [];
    for (const record of records) {
      const name = eventNameOf(record);
      if (name === '') {
        events.push(eventEntry(record));
        continue;
      }
      if (events.length > 0) await run.postEvents(events, signal);
      events = [];
      await this.#change(run, name, record, signal);
    }
    if (events.length > 0) await run.postEvents(events, signal);
  }

  async #change(run: RemoteRun, name: string, record: ReadableLogRecord, signal: AbortSignal): Promise<void> {
    const change = controlChange(name, record);
    if (change !== undefined) await run.apply(change, signal);
    else if (name === EVENT.runHeartbeat) await run.heartbeat(signal);
    else if (!this.#unknown.has(name)) {
      this.#unknown.add(name);
      diag.warn(`Records named ${name} have no place at a Simvue server and are left out.`);
    }
  }
}
