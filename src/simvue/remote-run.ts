import { encode } from '@msgpack/msgpack';
import type { ControlClient, ControlRequest } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import type { NewAlert } from './alert-json.ts';
import type { ArrayEntry, MetricEntry } from './entry-list.ts';
import type { EventEntry } from './log-entries.ts';
import { RemoteAlerts } from './remote-alerts.ts';
import type { ControlChange, FolderChange, RunChange } from './run-change.ts';

/** Simvue's limits of a request: 16,000 entries and about a million values. */
const MAX_ENTRIES = 10_000;
const MAX_VALUES = 100_000;

/** A run on a Simvue server: requests about it go out one after the other, again and again until they are answered. */
export class RemoteRun {
  readonly id: string;
  readonly startUnixNano: bigint;
  readonly #client: ControlClient;
  readonly #alerts: RemoteAlerts;
  #tags: readonly string[];
  #exports = 0;
  #last: Promise<unknown> = Promise.resolve();
  /** Whether the program itself says how the run goes; else its end is that of the exporter. */
  #isToldOf = false;
  #isEnded = false;

  constructor(client: ControlClient, id: string, startUnixNano: bigint, tags: readonly string[]) {
    this.#client = client;
    this.#alerts = new RemoteAlerts(client, id);
    this.id = id;
    this.startUnixNano = startUnixNano;
    this.#tags = tags;
  }

  /** Step of values without one: the number of exports before this one. */
  nextStep(): number {
    return this.#exports++;
  }

  postMetrics(entries: readonly MetricEntry[], signal: AbortSignal): Promise<void> {
    return this.#inOrder(async () => {
      for (const batch of batches(entries, ({ values }) => Object.keys(values).length)) {
        await this.#post('/metrics', { run: this.id, metrics: batch }, signal);
      }
    });
  }

  postArrays(entries: readonly ArrayEntry[], signal: AbortSignal): Promise<void> {
    return this.#inOrder(() => this.#post(`/runs/${this.id}/metrics`, entries, signal));
  }

  postEvents(entries: readonly EventEntry[], signal: AbortSignal): Promise<void> {
    return this.#inOrder(async () => {
      for (const batch of batches(entries, () => 1))
        await this.#post('/events', { run: this.id, events: batch }, signal);
    });
  }

  /** Changes the run, after everything that was said of it before. @param json - body of `PUT /api/runs/{id}`. */
  change(json: RunChange, signal: AbortSignal): Promise<void> {
    return this.#inOrder(() => this.#put(json, signal));
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  heartbeat(signal: AbortSignal): Promise<void> {
    return this.#inOrder(() => this.#send({ method: 'PUT', path: `/runs/${this.id}/heartbeat`, signal }));
  }

  apply({ change, tags, folder }: ControlChange, signal: AbortSignal): Promise<void> {
    return this.#inOrder(async () => {
      this.#isToldOf ||= 'status' in change;
      this.#isEnded ||= 'endtime' in change;
      const newTags = tags?.(this.#tags);
      const json: RunChange = newTags === undefined ? change : { ...change, tags: newTags };
      if (Object.keys(json).length > 0) await this.#put(json, signal);
      this.#tags = newTags ?? this.#tags;
      if (folder !== undefined) await this.#changeFolder(folder, signal);
    });
  }

  defineAlert(json: NewAlert, signal: AbortSignal): Promise<void> {
    return this.#inOrder(() => this.#alerts.define(json, signal));
  }

  tellAlert(...args: Parameters<RemoteAlerts['tell']>): Promise<void> {
    return this.#inOrder(() => this.#alerts.tell(...args));
  }

  /** Ends a run of which only telemetry was seen. */
  complete(endtime: string, signal: AbortSignal): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#isToldOf || this.#isEnded) return;
      this.#isEnded = true;
      await this.#put({ status: 'completed', endtime }, signal);
    });
  }

  async #changeFolder({ path, change }: FolderChange, signal: AbortSignal): Promise<void> {
    const id = await ensureFolder(this.#client, path, signal);
    if (Object.keys(change).length > 0) {
      await this.#send({ method: 'PUT', path: `/folders/${id}`, json: change, signal });
    }
  }

  #put(json: RunChange, signal: AbortSignal): Promise<void> {
    return this.#send({ method: 'PUT', path: `/runs/${this.id}`, json, signal });
  }

  #post(path: string, message: unknown, signal: AbortSignal): Promise<void> {
    return this.#send({ method: 'POST', path, msgpack: encode(message), signal });
  }

  async #send(request: ControlRequest & { signal: AbortSignal }): Promise<void> {
    await this.#client.jsonEventually(request);
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work, work);
    this.#last = done;
    return done;
  }
}

/** Makes the folder unless it is there. @returns its id. */
export async function ensureFolder(client: ControlClient, path: string, signal: AbortSignal): Promise<string> {
  try {
    const { id } = await client.jsonEventually<{ id: string }>({
      method: 'POST',
      path: '/folders',
      json: { path },
      signal,
    });
    return id;
  } catch (error) {
    if (!(error instanceof SimvueError) || error.code !== 'SIMVUE_ERR_CONFLICT') throw error;
  }
  const query = { filters: JSON.stringify([`path == ${path}`]), start: '0', count: '1' };
  const { data } = await client.jsonEventually<{ data: { id: string }[] }>({
    method: 'GET',
    path: '/folders',
    query,
    signal,
  });
  if (data[0] === undefined) throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `folder ${path} vanished`);
  return data[0].id;
}

function* batches<Entry>(entries: readonly Entry[], valuesOf: (entry: Entry) => number): Generator<Entry[]> {
  let batch: Entry[] = [];
  let values = 0;
  for (const entry of entries) {
    const entryValues = valuesOf(entry);
    if (batch.length > 0 && (batch.length === MAX_ENTRIES || values + entryValues > MAX_VALUES)) {
      yield batch;
      batch = [];
      values = 0;
    }
    batch.push(entry);
    values += entryValues;
  }
  if (batch.length > 0) yield batch;
}
