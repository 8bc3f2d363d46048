import { diag } from '@opentelemetry/api';
import { ALERT_EVENT, EVENT } from '../semconv.ts';
import { alertJson } from './alert-json.ts';
import { EntryList } from './entry-list.ts';
import { type EventEntry, eventEntry, eventNameOf, type SimvueRecord } from './log-entries.ts';
import { addMetricsRecord } from './metrics-record.ts';
import type { RemoteRun } from './remote-run.ts';
import { controlChange } from './run-change.ts';

/** Sends log records: plain ones as events of a run, those with a reserved name as values, alerts and changes of it. */
export class RecordSender {
  readonly #unknown = new Set<string>();

  /** In the order of the records: what is said before the end of a run arrives before it. */
  async send(run: RemoteRun, records: Iterable<SimvueRecord>, signal: AbortSignal): Promise<void> {
    let told = new Told(run);
    for (const record of records) {
      const name = eventNameOf(record);
      if (told.add(name, record)) continue;
      await told.post(signal);
      told = new Told(run);
      await this.#change(run, name, record, signal);
    }
    await told.post(signal);
  }

  async #change(run: RemoteRun, name: string, record: SimvueRecord, signal: AbortSignal): Promise<void> {
    const change = controlChange(name, record);
    if (change !== undefined) await run.apply(change, signal);
    else if (name === EVENT.alertDefine) await run.defineAlert(alertJson(record), signal);
    else if (name === EVENT.alertStatus) await tellAlert(run, record, signal);
    else if (name === EVENT.runHeartbeat) await run.heartbeat(signal);
    else if (!this.#unknown.has(name)) {
      this.#unknown.add(name);
      diag.warn(`Records named ${name} have no place at a Simvue server and are left out.`);
    }
  }
}

function tellAlert(run: RemoteRun, { attributes }: SimvueRecord, signal: AbortSignal): Promise<void> {
  const id = attributes[ALERT_EVENT.id];
  const key = { name: String(attributes[ALERT_EVENT.name] ?? ''), ...(id === undefined ? {} : { id: String(id) }) };
  return run.tellAlert(key, attributes[ALERT_EVENT.status], signal);
}

/** Events and values that follow each other: they go out together. */
class Told {
  readonly #run: RemoteRun;
  readonly #events: EventEntry[] = [];
  readonly #values: EntryList;

  constructor(run: RemoteRun) {
    this.#run = run;
    this.#values = new EntryList(run.startUnixNano, () => run.nextStep());
  }

  /** @returns false for a record that changes the run. */
  add(name: string, record: SimvueRecord): boolean {
    if (name === '') this.#events.push(eventEntry(record));
    else if (name === EVENT.metrics) addMetricsRecord(this.#values, record);
    else return false;
    return true;
  }

  async post(signal: AbortSignal): Promise<void> {
    const values = this.#values.sorted();
    if (values.length > 0) await this.#run.postMetrics(values, signal);
    if (this.#events.length > 0) await this.#run.postEvents(this.#events, signal);
  }
}
