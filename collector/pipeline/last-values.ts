import { setImmediate } from 'node:timers/promises';
import type { LastValueStore } from '../store/last-value-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';

/** Runs whose values are read together: no thread is kept long. */
const RUNS_A_STEP = 500;
/** Memory of values (about 120 bytes each) and number of metrics, above which those that nobody asked for longest are forgotten; the newest one stays. */
const MAX_BYTES = 64 << 20;
const MAX_METRICS = 32;
/** Runs that changed since a metric was asked for, above which reading what changed is no less than reading everything. */
const MAX_CHANGED = 100_000;

/** A metric by whose last values lists were ordered. */
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
  readonly telemetry: Pick<TelemetryStore, 'lastValues'>;
}

/**
 * Keeps the last values of the metrics by which lists are ordered beside the runs: all runs are read when somebody orders by a metric for the
 * first time, afterwards those that got points. A metric by which nobody orders costs nothing.
 */
export class LastValues {
  readonly #values: LastValueStore;
  readonly #telemetry: LastValuesParts['telemetry'];
  /** The one asked for longest ago comes first. */
  readonly #followed = new Map<string, Followed>();

  constructor({ values, telemetry }: LastValuesParts) {
    this.#values = values;
    this.#telemetry = telemetry;
  }

  /** The run has new points, which a reader sees. */
  changed(runId: string): void {
    for (const followed of this.#followed.values()) {
      followed.changed?.add(runId);
      if ((followed.changed?.size ?? 0) > MAX_CHANGED) followed.changed = undefined;
    }
  }

  /** Reads a list while the last values of these metrics stand for all points that a reader sees now. */
  async during<T>(metrics: readonly string[], list: () => Promise<T>): Promise<T> {
    const asked = metrics.map((metric) => this.#follow(metric));
    for (const followed of asked) followed.readers++;
    try {
      await Promise.all(metrics.map((metric, index) => this.#bring(metric, asked[index] as Followed)));
      return await list();
    } finally {
      for (const followed of asked) followed.readers--;
      await this.#makeRoom();
    }
  }

  #follow(metric: string): Followed {
    const followed = this.#followed.get(metric) ?? { changed: undefined, reading: Promise.resolve(), readers: 0 };
    this.#followed.delete(metric);
    this.#followed.set(metric, followed);
    return followed;
  }

  /** One after the other, whatever became of the former: an older value never replaces a newer one. */
  #bring(metric: string, followed: Followed): Promise<void> {
    const read = (): Promise<void> => this.#read(metric, followed);
    followed.reading = followed.reading.then(read, read);
    return followed.reading;
  }

  async #read(metric: string, followed: Followed): Promise<void> {
    const { changed } = followed;
    followed.changed = new Set();
    try {
      if (changed === undefined) await this.#readAll(metric);
      else await this.#readSome(metric, [...changed]);
    } catch (error) {
      followed.changed = undefined;
      throw error;
    }
  }

  async #readAll(metric: string): Promise<void> {
    let ids = this.#values.runsAfter('', RUNS_A_STEP);
    while (ids.length > 0) {
      await this.#readStep(metric, ids);
      ids = this.#values.runsAfter(ids.at(-1) as string, RUNS_A_STEP);
    }
  }

  async #readSome(metric: string, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += RUNS_A_STEP) {
      await this.#readStep(metric, ids.slice(from, from + RUNS_A_STEP));
    }
  }

  async #readStep(metric: string, ids: readonly string[]): Promise<void> {
    const values = await this.#telemetry.lastValues(metric, ids);
    this.#values.put(
      metric,
      ids.map((runId, index) => ({ runId, value: values[index] as number })),
    );
  }

  async #makeRoom(): Promise<void> {
    for (const [metric, { readers }] of this.#followed) {
      const isRoomy = this.#followed.size <= MAX_METRICS && this.#values.sizeBytes <= MAX_BYTES;
      if (isRoomy || this.#followed.size === 1) return;
      if (readers > 0) continue;
      this.#followed.delete(metric);
      // Asked for again in between, it is read from the beginning.
      while (!this.#followed.has(metric) && this.#values.forget(metric)) await setImmediate();
    }
  }
}
