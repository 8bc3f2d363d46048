import type { RunEvaluation, WatchedSeries } from '../alert/run-alerts.ts';
import type { AlertBatch, AlertStateStore, EvaluationRow, OutboxRow } from '../store/alert-state-store.ts';
import type { AlertStatus } from '../store/alert-store.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import { alertMessages, type Channels } from './alert-message.ts';
import type { AlertUnit } from './alert-rule.ts';
import { isTerminal } from './run-lifecycle.ts';
import type { WatchedRun } from './watched-run.ts';

/** Evaluations and states written in one transaction: the event loop waits for it. */
const MAX_ROWS = 500;
/** Evaluations that wait to be written; of more the ones without a change are dropped, and counted. */
const MAX_WAITING = 100_000;

interface Waiting extends RunEvaluation {
  readonly run: WatchedRun;
}

export interface OutcomeParts {
  readonly states: Pick<AlertStateStore, 'save'>;
  readonly findRun: CatalogStore['findRun'];
  readonly unit: AlertUnit;
  readonly channels: Channels;
}

/** What was evaluated and is not yet durable. Changes go first. */
export class AlertOutcome {
  readonly #parts: OutcomeParts;
  #changed: Waiting[] = [];
  #unchanged: Waiting[] = [];
  readonly #dirty = new Map<WatchedSeries, WatchedRun>();
  /** Evaluations that found no room; their states are kept all the same. */
  dropped = 0;

  constructor(parts: OutcomeParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#changed.length + this.#unchanged.length + this.#dirty.size === 0;
  }

  add(run: WatchedRun, { watched, evaluation }: RunEvaluation): void {
    const list = evaluation.state === evaluation.previous ? this.#unchanged : this.#changed;
    if (list === this.#unchanged && list.length >= MAX_WAITING) {
      this.dropped++;
      this.#dirty.set(watched, run);
    } else list.push({ run, watched, evaluation });
  }

  /** Has the state of a series written with the next ones. */
  addState(run: WatchedRun, watched: WatchedSeries): void {
    this.#dirty.set(watched, run);
  }

  /** Drops what waits of a run. */
  forget(forgotten: WatchedRun): void {
    const isKept = ({ run }: Waiting): boolean => run !== forgotten;
    this.#changed = this.#changed.filter(isKept);
    this.#unchanged = this.#unchanged.filter(isKept);
    for (const [watched, run] of this.#dirty) if (run === forgotten) this.#dirty.delete(watched);
  }

  /**
   * Writes the next ones in one transaction; what fails stays.
   *
   * @param sequence - newest record of the log that was seen. @param position - first record that is still needed.
   * @returns runs of which an alert has another state now, and whether a message waits.
   */
  save(
    sequence: number,
    position: number,
  ): { readonly changedRuns: ReadonlySet<string>; readonly hasMessages: boolean } {
    const changed = this.#changed.slice(0, MAX_ROWS);
    const unchanged = this.#unchanged.slice(0, MAX_ROWS - changed.length);
    const evaluations = [...changed, ...unchanged];
    const states = new Map(evaluations.map(({ watched, run }) => [watched, run]));
    for (const [watched, run] of this.#dirty) if (states.size < MAX_ROWS) states.set(watched, run);
    const messages = changed.flatMap((waiting) => this.#messages(waiting));
    this.#parts.states.save({
      watches: [...states].map(([{ alertId, series, watch }, run]) => ({
        runId: run.id,
        alertId,
        series,
        rule: run.ruleOf(alertId),
        sequence,
        state: watch.save(),
      })),
      evaluations: evaluations.map(rowOf),
      statuses: changed.map(({ run, watched: { alertId } }) => ({
        runId: run.id,
        alertId,
        status: statusOf(run, alertId),
      })),
      outbox: messages,
      aborts: changed.flatMap(abortOf(this.#parts.findRun)),
      reached: new Map(
        [...states.values()].map((run) => [run.id, { startUnixNano: run.startUnixNano, nano: run.alerts.reachedNano }]),
      ),
      position,
    } satisfies AlertBatch);
    this.#changed = this.#changed.slice(changed.length);
    this.#unchanged = this.#unchanged.slice(unchanged.length);
    for (const watched of states.keys()) {
      watched.unsavedFrom = 0;
      this.#dirty.delete(watched);
    }
    for (const { watched } of [...this.#changed, ...this.#unchanged]) watched.unsavedFrom ||= sequence;
    return { changedRuns: new Set(changed.map(({ run }) => run.id)), hasMessages: messages.length > 0 };
  }

  /** The first state says nothing to anybody unless it fires; the end of a firing one does. */
  #messages({ run, watched, evaluation }: Waiting): OutboxRow[] {
    if (evaluation.state !== 'firing' && evaluation.previous !== 'firing') return [];
    const row = this.#parts.findRun(run.id);
    const alert = run.alert(watched.alertId);
    if (row === undefined || alert === undefined) return [];
    const messages = alertMessages(row, alert, watched.series, evaluation, run.startUnixNano, this.#parts.unit);
    return messages.filter(({ channel }) => this.#parts.channels.has(channel));
  }
}

/** REST status of an alert over all its series. */
function statusOf(run: WatchedRun, alertId: string): AlertStatus | null {
  const state = run.alerts.stateOf(alertId);
  return state === 'firing' ? 'critical' : state === 'ok' ? 'ok' : null;
}

function abortOf(findRun: CatalogStore['findRun']) {
  return ({ run, watched, evaluation }: Waiting): AlertBatch['aborts'] => {
    const alert = run.alert(watched.alertId);
    if (evaluation.state !== 'firing' || alert?.abort !== true) return [];
    const row = findRun(run.id);
    if (row === undefined || isTerminal(row.status)) return [];
    return [{ runId: run.id, reason: `alert ${JSON.stringify(alert.name)} is critical`, user: alert.user }];
  };
}

function rowOf({ run, watched, evaluation }: Waiting): EvaluationRow {
  const unixNano = (timeNano: number): bigint => run.startUnixNano + BigInt(Math.round(timeNano));
  const { timeNano, fromNano, value, previous, state, ...rest } = evaluation;
  return {
    ...rest,
    alertId: watched.alertId,
    runId: run.id,
    series: watched.series,
    timeUnixNano: unixNano(timeNano),
    fromUnixNano: unixNano(fromNano),
    value: value ?? null,
    hasChanged: previous !== state,
  };
}
