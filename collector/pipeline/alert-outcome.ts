import type { Evaluation } from '../alert/evaluation.ts';
import type { RunEvaluation, WatchedSeries } from '../alert/run-alerts.ts';
import type { AlertBatch, AlertStateStore, Evaluated, OutboxRow } from '../store/alert-state-store.ts';
import type { AlertStatus } from '../store/alert-store.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import { alertMessages, type Channels } from './alert-message.ts';
import type { AlertUnit } from './alert-rule.ts';
import { isTerminal } from './run-lifecycle.ts';
import type { WatchedRun } from './watched-run.ts';

/** States, and evaluations, written in one transaction: the event loop waits for it. */
const MAX_ROWS = 200;
/** Evaluations that wait to be written; of more the ones without a change are dropped, and counted. */
const MAX_WAITING = 100_000;

const NO_PARTS: ReadonlyMap<number, Float64Array> = new Map();

/** A state that is to be written, with what was evaluated since it was. */
interface Waiting {
  readonly run: WatchedRun;
  readonly watched: WatchedSeries;
  readonly evaluations: Evaluation[];
}

export interface OutcomeParts {
  readonly states: Pick<AlertStateStore, 'save'>;
  readonly findRun: CatalogStore['findRun'];
  readonly unit: AlertUnit;
  readonly channels: Channels;
}

/** What was evaluated and is not yet durable. Changes go first; a state is written with all that was evaluated on the way to it, or not at all. */
export class AlertOutcome {
  readonly #parts: OutcomeParts;
  readonly #changed = new Map<WatchedSeries, Waiting>();
  readonly #unchanged = new Map<WatchedSeries, Waiting>();
  /** Messages about runs. */
  #messages: OutboxRow[] = [];
  #evaluations = 0;
  /** Evaluations that found no room; their states are kept all the same. */
  dropped = 0;

  constructor(parts: OutcomeParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#changed.size + this.#unchanged.size + this.#messages.length === 0;
  }

  addMessages(messages: readonly OutboxRow[]): void {
    this.#messages.push(...messages);
  }

  add(run: WatchedRun, { watched, evaluation }: RunEvaluation): void {
    const waiting = this.addState(run, watched);
    if (isChange(evaluation)) {
      this.#unchanged.delete(watched);
      this.#changed.set(watched, waiting);
    } else if (this.#evaluations >= MAX_WAITING) {
      this.dropped++;
      return;
    }
    waiting.evaluations.push(evaluation);
    this.#evaluations++;
  }

  /** Has the state of a series written with the next ones. */
  addState(run: WatchedRun, watched: WatchedSeries): Waiting {
    const known = this.#changed.get(watched) ?? this.#unchanged.get(watched);
    if (known !== undefined) return known;
    const waiting = { run, watched, evaluations: [] };
    this.#unchanged.set(watched, waiting);
    return waiting;
  }

  /** Drops what waits of a run. */
  forget(forgotten: WatchedRun): void {
    for (const { run, watched } of [...this.#changed.values(), ...this.#unchanged.values()])
      if (run === forgotten) this.#delete(watched);
  }

  /**
   * Writes the next ones in one transaction; what fails stays.
   *
   * @param sequence - newest record of the log that was seen. @param position - first record that is still needed.
   * @param over - runs whose news have been dealt with.
   * @returns runs of which an alert has another state now, and whether a message waits.
   */
  save(
    sequence: number,
    position: number,
    over: readonly string[] = [],
  ): { readonly changedRuns: ReadonlySet<string>; readonly hasMessages: boolean } {
    const next = this.#next();
    const changes = next.flatMap(({ run, watched, evaluations }) =>
      evaluations.filter(isChange).map((evaluation) => ({ run, watched, evaluation })),
    );
    const ofRuns = this.#messages.slice(0, MAX_ROWS);
    const messages = [...ofRuns, ...changes.flatMap((change) => this.#messagesOf(change))];
    this.#parts.states.save({
      watches: next.map(({ run, watched: { alertId, series, watch }, evaluations }) => ({
        runId: run.id,
        alertId,
        series,
        rule: run.ruleOf(alertId),
        sequence,
        state: watch.save(),
        parts: watch.changedParts?.() ?? NO_PARTS,
        evaluations: evaluations.map((evaluation) => evaluatedOf(run, evaluation)),
      })),
      statuses: statusesOf(changes),
      outbox: messages,
      aborts: changes.flatMap(abortOf(this.#parts.findRun)),
      reached: new Map(
        next.map(({ run }) => [run.id, { startUnixNano: run.startUnixNano, nano: run.alerts.reachedNano }]),
      ),
      position,
      over,
    } satisfies AlertBatch);
    this.#messages = this.#messages.slice(ofRuns.length);
    for (const { watched } of next) {
      watched.unsavedFrom = 0;
      watched.watch.saved?.();
      this.#delete(watched);
    }
    return { changedRuns: new Set(changes.map(({ run }) => run.id)), hasMessages: messages.length > 0 };
  }

  /** Those of alerts that were taken away meanwhile, or are others now, are forgotten. */
  #next(): Waiting[] {
    const next: Waiting[] = [];
    let evaluations = 0;
    for (const list of [this.#changed, this.#unchanged]) {
      for (const waiting of list.values()) {
        if (next.length >= MAX_ROWS || evaluations >= MAX_ROWS) return next;
        if (waiting.run.isStale) continue;
        if (!waiting.run.alerts.isWatching(waiting.watched)) {
          this.#delete(waiting.watched);
          continue;
        }
        next.push(waiting);
        evaluations += waiting.evaluations.length;
      }
    }
    return next;
  }

  #delete(watched: WatchedSeries): void {
    const waiting = this.#changed.get(watched) ?? this.#unchanged.get(watched);
    this.#evaluations -= waiting?.evaluations.length ?? 0;
    this.#changed.delete(watched);
    this.#unchanged.delete(watched);
  }

  /** The first state says nothing to anybody unless it fires; the end of a firing one does. */
  #messagesOf({ run, watched, evaluation }: Change): OutboxRow[] {
    if (evaluation.state !== 'firing' && evaluation.previous !== 'firing') return [];
    const row = this.#parts.findRun(run.id);
    const alert = run.alert(watched.alertId);
    if (row === undefined || alert === undefined) return [];
    const messages = alertMessages(row, alert, watched.series, evaluation, run.startUnixNano, this.#parts.unit);
    return messages.filter(({ channel }) => this.#parts.channels.has(channel));
  }
}

interface Change extends RunEvaluation {
  readonly run: WatchedRun;
}

const isChange = ({ state, previous }: Evaluation): boolean => state !== previous;

/** Each alert once: its status looks at all of its series. */
function statusesOf(changes: readonly Change[]): AlertBatch['statuses'] {
  const alerts = new Map(changes.map(({ run, watched: { alertId } }) => [`${run.id} ${alertId}`, { run, alertId }]));
  return [...alerts.values()].map(({ run, alertId }) => ({ runId: run.id, alertId, status: statusOf(run, alertId) }));
}

/** REST status of an alert over all its series. */
function statusOf(run: WatchedRun, alertId: string): AlertStatus | null {
  const state = run.alerts.stateOf(alertId);
  return state === 'firing' ? 'critical' : state === 'ok' ? 'ok' : null;
}

function abortOf(findRun: CatalogStore['findRun']) {
  return ({ run, watched, evaluation }: Change): AlertBatch['aborts'] => {
    const alert = run.alert(watched.alertId);
    if (evaluation.state !== 'firing' || alert?.abort !== true) return [];
    const row = findRun(run.id);
    if (row === undefined || isTerminal(row.status)) return [];
    return [{ runId: run.id, reason: `alert ${JSON.stringify(alert.name)} is critical`, user: alert.user }];
  };
}

function evaluatedOf(run: WatchedRun, evaluation: Evaluation): Evaluated {
  const unixNano = (timeNano: number): bigint => run.startUnixNano + BigInt(Math.round(timeNano));
  const { timeNano, fromNano, value, previous, state, text: _, ...rest } = evaluation;
  return {
    ...rest,
    timeUnixNano: unixNano(timeNano),
    fromUnixNano: unixNano(fromNano),
    value: value ?? null,
    hasChanged: previous !== state,
  };
}
