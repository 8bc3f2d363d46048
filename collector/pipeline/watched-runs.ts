import type { RunEvaluation } from '../alert/run-alerts.ts';
import type { AlertStateStore } from '../store/alert-state-store.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import { fillFromStore } from './alert-filling.ts';
import type { AlertUnit } from './alert-rule.ts';
import { WatchedRun } from './watched-run.ts';

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

  constructor(parts: WatchedRunsParts, listener: WatchedRunsListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  get all(): Iterable<WatchedRun> {
    return this.#runs.values();
  }

  /** Undefined = it has no alerts, or has not started. */
  get(runId: string): WatchedRun | undefined {
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

  /** As {@link WatchedRuns.get}, of a run that may have changed so that it is watched now. */
  look(runId: string): WatchedRun | undefined {
    this.#unwatched.delete(runId);
    return this.get(runId);
  }

  /** The run may have other alerts now, or be gone. */
  alertsChanged(runId: string): void {
    const { states, findRun } = this.#parts;
    const run = this.#runs.get(runId);
    if (run === undefined) this.look(runId);
    else if (findRun(runId) !== undefined) this.#fill(run, run.setAlerts(states.load(runId)));
    else {
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
