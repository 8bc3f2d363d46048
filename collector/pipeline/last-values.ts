import { setImmediate } from 'node:timers/promises';
import type { LastValueStore, RunNumber } from '../store/last-value-store.ts';
import type { EventCount, TelemetryStore } from '../store/telemetry-store.ts';

/** Runs whose values are read together: no thread is kept long. */
const RUNS_A_STEP = 500;
/** Memory of values (about 120 bytes each) and how many numbers, above which those that nobody asked for longest are forgotten; the newest one stays. */
const MAX_BYTES = 64 << 20;
const MAX_NUMBERS = 32;
/** Runs that changed since a number was asked for, above which reading what changed is no less than reading everything. */
const MAX_CHANGED = 100_000;

/** A number by which lists were ordered or filtered. */
interface Followed {
  /** Runs that got points since their value was read; undefined = all are to be read. */
  changed: Set<string> | undefined;
  /** Ends when everything that was asked for is there. */
  reading: Promise<void>;
  /** Lists that are being read in its order. */
  readers: number;
}

export interface LastValuesParts {
  readonly values: LastValueStore;
  readonly telemetry: Pick<TelemetryStore, 'lastValues' | 'eventCounts'>;
}

/**
 * Keeps the numbers by which lists are ordered and filtered beside the runs: all runs are read when somebody asks for one for the first time,
 * afterwards those that got points or events. A number for which nobody asks costs nothing.
 */
export class LastValues {
  readonly #values: LastValueStore;
  readonly #telemetry: LastValuesParts['telemetry'];
  /** The one asked for longest ago comes first. */
  readonly #followed = new Map<RunNumber, Followed>();

  constructor({ values, telemetry }: LastValuesParts) {
    this.#values = values;
    this.#telemetry = telemetry;
  }

  /** The run has new points or events, which a reader sees. */
  changed(runId: string): void {
    for (const followed of this.#followed.values()) {
      followed.changed?.add(runId);
      if ((followed.changed?.size ?? 0) > MAX_CHANGED) followed.changed = undefined;
    }
  }

  /** Reads a list while these numbers stand for all that a reader sees now. */
  async during<T>(numbers: readonly RunNumber[], list: () => Promise<T>): Promise<T> {
    const asked = numbers.map((number) => this.#follow(number));
    for (const followed of asked) followed.readers++;
    try {
      await Promise.all(numbers.map((number, index) => this.#bring(number, asked[index] as Followed)));
      return await list();
    } finally {
      for (const followed of asked) followed.readers--;
      await this.#makeRoom();
    }
  }

  #follow(number: RunNumber): Followed {
    const followed = this.#followed.get(number) ?? { changed: undefined, reading: Promise.resolve(), readers: 0 };
    this.#followed.delete(number);
    this.#followed.set(number, followed);
    return followed;
  }

  /** One after the other, whatever became of the former: an older value never replaces a newer one. */
  #bring(number: RunNumber, followed: Followed): Promise<void> {
    const read = (): Promise<void> => this.#read(number, followed);
    followed.reading = followed.reading.then(read, read);
    return followed.reading;
  }

  async #read(number: RunNumber, followed: Followed): Promise<void> {
    const { changed } = followed;
    followed.changed = new Set();
    try {
      if (changed === undefined) await this.#readAll(number);
      else await this.#readSome(number, [...changed]);
    } catch (error) {
      followed.changed = undefined;
      throw error;
    }
  }

  async #readAll(number: RunNumber): Promise<void> {
    let ids = this.#values.runsAfter('', RUNS_A_STEP);
    while (ids.length > 0) {
      await this.#readStep(number, ids);
      ids = this.#values.runsAfter(ids.at(-1) as string, RUNS_A_STEP);
    }
  }

  async #readSome(number: RunNumber, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += RUNS_A_STEP) {
      await this.#readStep(number, ids.slice(from, from + RUNS_A_STEP));
    }
  }

  async #readStep(number: RunNumber, ids: readonly string[]): Promise<void> {
    const values = await this.#ask(number, ids);
    this.#values.put(
      number,
      ids.map((runId, index) => ({ runId, value: values[index] })),
    );
  }

  #ask(number: RunNumber, ids: readonly string[]): Promise<readonly (number | undefined)[]> {
    if (number.startsWith('metrics.')) return this.#telemetry.lastValues(number.slice('metrics.'.length), ids);
    return this.#telemetry.eventCounts(number.slice('events.'.length) as EventCount, ids);
  }

  async #makeRoom(): Promise<void> {
    for (const [number, { readers }] of this.#followed) {
      const isRoomy = this.#followed.size <= MAX_NUMBERS && this.#values.sizeBytes <= MAX_BYTES;
      if (isRoomy || this.#followed.size === 1) return;
      if (readers > 0) continue;
      this.#followed.delete(number);
      // Asked for again in between, it is read from the beginning.
      while (!this.#followed.has(number) && this.#values.forget(number)) await setImmediate();
    }
  }
}
