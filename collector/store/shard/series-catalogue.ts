import type { StoredSeries } from '../telemetry-store.ts';
import type { ChunkTable } from './chunk-table.ts';
import type { RunTable } from './run-table.ts';
import { SeriesState } from './series-state.ts';

/** Runs whose series are held in memory although nothing of them waits to be stored. */
const MAX_IDLE_RUNS = 1_000;

/** The series a shard has in memory, loaded from the tables when a run is written or read. */
export class SeriesCatalogue {
  readonly #runs: RunTable;
  readonly #chunks: ChunkTable;
  readonly #byRun = new Map<string, SeriesState[]>();
  readonly #bySeries = new Map<number, SeriesState>();
  /** Series whose rows are not in the table yet, in the order of definition. */
  readonly unstored: SeriesState[] = [];

  constructor(runs: RunTable, chunks: ChunkTable) {
    this.#runs = runs;
    this.#chunks = chunks;
  }

  get all(): IterableIterator<SeriesState> {
    return this.#bySeries.values();
  }

  get size(): number {
    return this.#bySeries.size;
  }

  /** Series of a run by id; empty when the shard knows no such run. */
  ofRun(runId: string): SeriesState[] {
    const known = this.#byRun.get(runId);
    if (known !== undefined) {
      this.#byRun.delete(runId);
      this.#byRun.set(runId, known);
      return known;
    }
    const number = this.#runs.findRun(runId);
    if (number === undefined) return [];
    const series = this.#runs
      .seriesOf(number)
      .map((one) => new SeriesState(one, number, this.#chunks.summaries(one.id), true));
    this.#hold(runId, series);
    return series;
  }

  define(runId: string, series: StoredSeries): void {
    let list = this.ofRun(runId);
    if (list.length === 0) {
      list = [];
      this.#hold(runId, list);
    }
    const state = new SeriesState(series, this.#runs.run(runId), [], false);
    list.push(state);
    this.#bySeries.set(series.id, state);
    this.unstored.push(state);
  }

  /** State of a series that was defined or is in the table. */
  find(id: number): SeriesState | undefined {
    const known = this.#bySeries.get(id);
    if (known !== undefined) return known;
    const runId = this.#runs.runOfSeries(id);
    if (runId === undefined) return undefined;
    this.ofRun(runId);
    return this.#bySeries.get(id);
  }

  forget(runId: string): SeriesState[] {
    const series = this.#byRun.get(runId) ?? [];
    this.#byRun.delete(runId);
    for (const one of series) this.#bySeries.delete(one.series.id);
    return series;
  }

  #hold(runId: string, series: SeriesState[]): void {
    this.#byRun.set(runId, series);
    for (const one of series) this.#bySeries.set(one.series.id, one);
    if (this.#byRun.size <= MAX_IDLE_RUNS) return;
    for (const [oldest, states] of this.#byRun) {
      if (oldest === runId) return;
      if (states.some((state) => state.head !== undefined || state.pending.length > 0 || !state.isStored)) continue;
      this.forget(oldest);
      return;
    }
  }
}
