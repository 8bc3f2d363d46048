import { SimvueError } from 'simvue-otel/errors';
import type { StoredSeries } from '../telemetry-store.ts';
import type { ChunkTable } from './chunk-table.ts';
import type { RunTable } from './run-table.ts';
import { SeriesState } from './series-state.ts';

/** Above so many series in memory (about 1 kB each), the runs of which nothing waits to be stored are forgotten, the longest unread first. */
const MAX_IDLE_SERIES = 50_000;
const LOOKS_A_TRIM = 64;

/** The series a shard has in memory, loaded from the tables when a run is written or read. */
export class SeriesCatalogue {
  readonly #runs: RunTable;
  readonly #chunks: ChunkTable;
  readonly #byRun = new Map<string, SeriesState[]>();
  readonly #bySeries = new Map<number, SeriesState>();
  /** Runs deleted since the start: what was on its way to them is dropped. */
  readonly #deletedRuns = new Set<string>();
  #lastSeries: number;
  /** Series whose rows are not in the table yet, in the order of definition. */
  unstored: SeriesState[] = [];

  constructor(runs: RunTable, chunks: ChunkTable) {
    this.#runs = runs;
    this.#chunks = chunks;
    this.#lastSeries = runs.lastSeries;
  }

  get size(): number {
    return this.#bySeries.size;
  }

  /** Series of a run by id; empty when the shard knows no such run. */
  ofRun(runId: string): SeriesState[] {
    return this.ofRuns([runId])[0] as SeriesState[];
  }

  /** As {@link ofRun}, of several runs. */
  ofRuns(runIds: readonly string[]): SeriesState[][] {
    const numbers = this.#runs.findRuns(runIds.filter((runId) => !this.#byRun.has(runId)));
    return runIds.map((runId) => {
      const known = this.#byRun.get(runId);
      const number = numbers.get(runId);
      if (known !== undefined) this.#used(runId, known);
      return known ?? (number === undefined ? [] : this.#load(runId, number));
    });
  }

  /** Series of a run with one of these display names, to be read only: a run that is not in memory stays out of it. */
  named(runId: string, names: ReadonlySet<string>): SeriesState[] {
    const known = this.#byRun.get(runId);
    if (known !== undefined) return known.filter(({ series }) => names.has(series.definition.displayName));
    const number = this.#runs.findRun(runId);
    if (number === undefined) return [];
    const named = this.#runs.seriesNamed(number, names);
    return named.map((one) => new SeriesState(one, runId, this.#chunks.ofSeries(one.id), true));
  }

  /** A run that is opened is (again) a run like any other. */
  open(runId: string): SeriesState[] {
    this.#deletedRuns.delete(runId);
    return this.ofRun(runId);
  }

  define(runId: string, series: StoredSeries): void {
    this.#lastSeries = Math.max(this.#lastSeries, series.id);
    if (this.#deletedRuns.has(runId)) return;
    let list = this.ofRun(runId);
    if (list.length === 0) {
      list = [];
      this.#hold(runId, list);
    }
    const state = new SeriesState(series, runId, [], false);
    list.push(state);
    this.#bySeries.set(series.id, state);
    this.unstored.push(state);
  }

  /**
   * State of a series; undefined when its run was deleted.
   *
   * @throws SimvueError `SIMVUE_ERR_STORE` when the series was never defined.
   */
  find(id: number): SeriesState | undefined {
    const known = this.#bySeries.get(id);
    if (known !== undefined) return known;
    if (id > this.#lastSeries) throw new SimvueError('SIMVUE_ERR_STORE', `series ${id} was never defined`);
    const runId = this.#runs.runOfSeries(id);
    if (runId === undefined) return undefined;
    this.ofRun(runId);
    return this.#bySeries.get(id);
  }

  /** Display names of the series of some runs, each once; no run is loaded for them. */
  names(runIds: readonly string[]): string[] {
    const names = new Set<string>();
    const stored: string[] = [];
    for (const runId of runIds) {
      const known = this.#byRun.get(runId);
      if (known === undefined) stored.push(runId);
      for (const { series } of known ?? []) names.add(series.definition.displayName);
    }
    for (const name of this.#runs.seriesNames(stored)) names.add(name);
    return [...names];
  }

  /** State of a series that is in memory. */
  held(id: number): SeriesState | undefined {
    return this.#bySeries.get(id);
  }

  /** Series of a run that is in memory. */
  heldOf(runId: string): readonly SeriesState[] | undefined {
    return this.#byRun.get(runId);
  }

  isDeleted(runId: string): boolean {
    return this.#deletedRuns.has(runId);
  }

  /** Forgets a run for good. @returns what was held of it. */
  delete(runId: string): SeriesState[] {
    this.#deletedRuns.add(runId);
    const series = this.#forget(runId);
    this.unstored = this.unstored.filter((state) => !series.includes(state));
    return series;
  }

  /** Looks at some runs while there are too many series; between requests only, which a replay counts through. */
  trim(): void {
    let looks = 0;
    for (const [runId, states] of this.#byRun) {
      if (this.#bySeries.size <= MAX_IDLE_SERIES || looks++ === LOOKS_A_TRIM) return;
      const isIdle = states.every((state) => state.head === undefined && state.pending.length === 0 && state.isStored);
      if (isIdle) this.#forget(runId);
      else this.#used(runId, states);
    }
  }

  #used(runId: string, states: SeriesState[]): void {
    this.#byRun.delete(runId);
    this.#byRun.set(runId, states);
  }

  #forget(runId: string): SeriesState[] {
    const series = this.#byRun.get(runId) ?? [];
    this.#byRun.delete(runId);
    for (const one of series) this.#bySeries.delete(one.series.id);
    return series;
  }

  #load(runId: string, number: number): SeriesState[] {
    const chunks = this.#chunks.ofRun(number);
    const series = this.#runs
      .seriesOf(number)
      .map((one) => new SeriesState(one, runId, chunks.get(one.id) ?? [], true));
    this.#hold(runId, series);
    return series;
  }

  #hold(runId: string, series: SeriesState[]): void {
    this.#byRun.set(runId, series);
    for (const one of series) this.#bySeries.set(one.series.id, one);
  }
}
