import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import { isOwnMetric } from './own-points.ts';

/** How far a run had come with its newest point. */
export interface Progress {
  /** Metric of that point. */
  readonly metric: string;
  /** Points of that metric by one writer. */
  readonly points: number;
  readonly lastTimeUnixNano: bigint;
}

interface Silence {
  /** Wall time of receipt, milliseconds since the epoch. */
  heardAt: number;
  /** What is known of a run stays true until its next point. */
  progress?: Promise<Progress | undefined>;
}

/** Runs that are followed; the one that was silent longest makes room. */
const MAX_RUNS = 20_000;

/** When each live run last got a point of its own: what its program samples of the machine goes on while it hangs. */
export class Standstills {
  /** The longest silent first. */
  readonly #silences = new Map<string, Silence>();
  readonly #telemetry: Pick<TelemetryStore, 'summaries'>;

  constructor(telemetry: Pick<TelemetryStore, 'summaries'>) {
    this.#telemetry = telemetry;
  }

  /** The run has a new point of its own; also when it is taken over from an earlier collector, see {@link Standstills.resume}. */
  heard(runId: string, now: number): void {
    this.#silences.delete(runId);
    this.#silences.set(runId, { heardAt: now });
    if (this.#silences.size <= MAX_RUNS) return;
    for (const [oldest] of this.#silences) {
      this.#silences.delete(oldest);
      return;
    }
  }

  /**
   * Runs that were not heard after `startedAt`, when they were taken over, were silent already when the earlier collector was last alive, at
   * `aliveAt`: that silence counts, the downtime is nobody's. Both milliseconds since the epoch.
   */
  async resume(aliveAt: number, startedAt: number, signal: AbortSignal): Promise<void> {
    const silent = [...this.#silences].filter(([, { heardAt }]) => heardAt <= startedAt);
    const before = new Map<Silence, number>();
    for (const [runId, silence] of silent) {
      const progress = await this.progressOf(runId);
      if (signal.aborted) return;
      if (progress !== undefined)
        before.set(silence, Math.max(0, aliveAt - Number(progress.lastTimeUnixNano / NANOS_PER_MILLISECOND)));
    }
    for (const [silence, milliseconds] of before) silence.heardAt -= milliseconds;
    const ordered = [...this.#silences].sort(([, one], [, other]) => one.heardAt - other.heardAt);
    this.#silences.clear();
    for (const [runId, silence] of ordered) this.#silences.set(runId, silence);
  }

  forget(runId: string): void {
    this.#silences.delete(runId);
  }

  /** Runs that were not heard after `at` (milliseconds since the epoch), the longest silent first. */
  *since(at: number): Generator<string> {
    for (const [runId, { heardAt }] of this.#silences) {
      if (heardAt > at) return;
      yield runId;
    }
  }

  /** How far a silent run came; undefined = it has no point of its own. The store is asked once a silence. */
  progressOf(runId: string): Promise<Progress | undefined> {
    const silence = this.#silences.get(runId);
    if (silence === undefined) return Promise.resolve(undefined);
    silence.progress ??= this.#read(runId).catch((error: unknown) => {
      delete silence.progress;
      throw error;
    });
    return silence.progress;
  }

  async #read(runId: string): Promise<Progress | undefined> {
    const own = (await this.#telemetry.summaries(runId)).filter(
      ({ series, count }) => count > 0 && isOwnMetric(series.definition.displayName),
    );
    const [first, ...rest] = own;
    if (first === undefined) return undefined;
    const newest = rest.reduce((one, other) => (other.lastTimeUnixNano > one.lastTimeUnixNano ? other : one), first);
    const { series, count, lastTimeUnixNano } = newest;
    return { metric: series.definition.displayName, points: count, lastTimeUnixNano };
  }
}
