import type { RunEvaluation } from '../alert/run-alerts.ts';
import type { AlertStateStore } from '../store/alert-state-store.ts';
import type { CatalogStore, RunRow } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import { fillFromStore } from './alert-filling.ts';
import type { AlertUnit } from './alert-rule.ts';
import { isTerminal } from './run-lifecycle.ts';
import { WatchedRun } from './watched-run.ts';

/** Runs whose other alerts are taken up in one turn of the event loop, some milliseconds. */
const RUNS_A_TURN = 20;
/** Runs remembered to have no alerts. */
const MAX_UNWATCHED = 100_000;

export interface WatchedRunsParts {
  readonly states: Pick<AlertStateStore, 'load'>;
  readonly findRun: CatalogStore['findRun'];
  readonly telemetry: Pick<TelemetryStore, 'openRun' | 'points'>;
  readonly unit: AlertUnit;
  /** Wall time, milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onError: (error: unknown) => void;
}

export interface WatchedRunsListener {
  onEvaluation(run: WatchedRun, evaluation: RunEvaluation): void;
  /** The run was deleted. */
  onForgotten(run: WatchedRun): void;
  /** Points of the past are there: something may have been evaluated. */
  onFilled(): void;
  /** Newest record of the log that was seen. */
  readonly seen: number;
}

/** The runs whose alerts are evaluated; taken up with what was saved of them when something of them comes. */
export class WatchedRuns {
  readonly #parts: WatchedRunsParts;
  readonly #listener: WatchedRunsListener;
  readonly #runs = new Map<string, WatchedRun>();
  readonly #unwatched = new Set<string>();
  readonly #filling = new Set<Promise<void>>();
  /** Runs whose alerts may be others now. */
  readonly #stale = new Set<string>();
  #isRefreshing = false;

  constructor(parts: WatchedRunsParts, listener: WatchedRunsListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  get all(): Iterable<WatchedRun> {
    return this.#runs.values();
  }

  /** Undefined = it has no alerts, or has not started. */
  get(runId: string): WatchedRun | undefined {
    if (this.#stale.delete(runId)) this.#refresh(runId);
    const known = this.#runs.get(runId);
    if (known !== undefined || this.#unwatched.has(runId)) return known;
    const { states, findRun, unit, clock } = this.#parts;
    const saved = states.load(runId);
    const row = findRun(runId);
    const startUnixNano = saved.startUnixNano ?? row?.startedUnixNano ?? null;
    if (row === undefined || startUnixNano === null || saved.alerts.every(({ alert }) => !alert.enabled)) {
      if (this.#unwatched.size >= MAX_UNWATCHED) this.#unwatched.clear();
      this.#unwatched.add(runId);
      return undefined;
    }
    const { onEvaluation } = this.#listener;
    const run = new WatchedRun(row, startUnixNano, saved.reachedNano, unit, onEvaluation.bind(this.#listener));
    this.#runs.set(runId, run);
    this.#fill(run, run.setAlerts(saved));
    run.update(row, clock());
    return run;
  }

  /** True when nothing of the run waits to be evaluated or saved. */
  isSettled(runId: string): boolean {
    return this.#runs.get(runId)?.isSettled ?? true;
  }

  /** As {@link WatchedRuns.get}, of a run that may have changed so that it is watched now, or goes on. */
  look({ id, status }: RunRow): WatchedRun | undefined {
    this.#unwatched.delete(id);
    const run = this.#runs.get(id);
    if (run?.isOver && !isTerminal(status)) {
      run.isOver = false;
      this.#stale.add(id);
    }
    return this.get(id);
  }

  /** The runs may have other alerts now, or be gone; the first ones are looked at now, of the others nothing is evaluated until they are. */
  alertsChanged(runIds: readonly string[]): void {
    for (const runId of runIds) this.#stale.add(runId);
    for (const runId of this.#stale) {
      const run = this.#runs.get(runId);
      if (run !== undefined) run.isStale = true;
    }
    if (!this.#isRefreshing) this.#refreshSome();
  }

  /** Looks at all of them. */
  refresh(): void {
    for (const runId of this.#stale) this.#refresh(runId);
    this.#stale.clear();
  }

  #refreshSome(): void {
    let left = RUNS_A_TURN;
    for (const runId of this.#stale) {
      if (left-- === 0) break;
      this.#stale.delete(runId);
      try {
        this.#refresh(runId);
      } catch (error) {
        this.#parts.onError(error);
      }
    }
    this.#isRefreshing = this.#stale.size > 0;
    if (this.#isRefreshing) setImmediate(() => this.#refreshSome());
  }

  /** A run that is over and not watched any more stays as it was. */
  #refresh(runId: string): void {
    const { states, findRun } = this.#parts;
    this.#unwatched.delete(runId);
    const run = this.#runs.get(runId);
    const row = findRun(runId);
    if (run === undefined) {
      if (row !== undefined && !isTerminal(row.status)) this.get(runId);
    } else if (row !== undefined) {
      run.isStale = false;
      this.#fill(run, run.setAlerts(states.load(runId)));
    } else {
      this.#runs.delete(runId);
      this.#listener.onForgotten(run);
    }
  }

  /** Lets go of a run of which nothing waits to be saved. */
  release(run: WatchedRun): void {
    if (run.firstUnsaved === undefined) this.#runs.delete(run.id);
  }

  /** Resolves when nothing of the past is being brought in any more. */
  async filled(): Promise<void> {
    await Promise.all(this.#filling);
  }

  /** Brings in what was logged before the alerts were attached: their first window is as full as if they had been there. */
  #fill(run: WatchedRun, alertIds: readonly string[]): void {
    if (alertIds.length === 0) return;
    const filling = fillFromStore(this.#parts.telemetry, run, Math.max(1, this.#listener.seen))
      .catch(this.#parts.onError)
      .finally(() => {
        this.#filling.delete(filling);
        run.alerts.filled(alertIds);
        this.#listener.onFilled();
      });
    this.#filling.add(filling);
  }
}
