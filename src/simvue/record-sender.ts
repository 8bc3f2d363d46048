import { diag } from '@opentelemetry/api';
import { EVENT } from '../semconv.ts';
import { type EventEntry, eventEntry, eventNameOf, type SimvueRecord } from './log-entries.ts';
import type { RemoteRun } from './remote-run.ts';
import { controlChange } from './run-change.ts';

/** Sends log records: plain ones as events of a run, those with a reserved name as changes of it. */
export class RecordSender {
  readonly #unknown = new Set<string>();

  /** In the order of the records: what is said before the end of a run arrives before it. */
  async send(run: RemoteRun, records: Iterable<SimvueRecord>, signal: AbortSignal): Promise<void> {
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

  async #change(run: RemoteRun, name: string, record: SimvueRecord, signal: AbortSignal): Promise<void> {
    const change = controlChange(name, record);
    if (change !== undefined) await run.apply(change, signal);
    else if (name === EVENT.runHeartbeat) await run.heartbeat(signal);
    else if (name === EVENT.alertDefine) await run.defineAlert(record.attributes, signal);
    else if (name === EVENT.alertStatus) await run.tellAlert(record.attributes, signal);
    else if (!this.#unknown.has(name)) {
      this.#unknown.add(name);
      diag.warn(`Records named ${name} have no place at a Simvue server and are left out.`);
    }
  }
}
