import { setImmediate } from 'node:timers/promises';
import type { RunEvaluation } from '../alert/run-alerts.ts';
import type { AlertStateStore } from '../store/alert-state-store.ts';
import type { AlertStore } from '../store/alert-store.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import { fillFromStore } from './alert-filling.ts';
import { type Channels, runMessages } from './alert-message.ts';
import { AlertOutcome } from './alert-outcome.ts';
import { addPoints } from './alert-points.ts';
import type { AlertUnit } from './alert-rule.ts';
import type { RequestPlan } from './request-planner.ts';
import type { StagingArena } from './staging.ts';
import type { DecodedRequest } from './telemetry-batch.ts';
import { WatchedRun } from './watched-run.ts';

/** Wall time is this far past a tick when it is evaluated without a point beyond it. */
const TICK_DELAY_MILLISECONDS = 5_000;
/** After a start the programs send what they kept: until then wall time evaluates nothing. */
const START_DELAY_MILLISECONDS = 30_000;
/** States with points that no evaluation has written for so long are written without one, and the log goes on. */
const STATE_AGE_MILLISECONDS = 30_000;
const POSITION_INTERVAL_MILLISECONDS = 5_000;
/** Runs remembered to have no alerts. */
const MAX_UNWATCHED = 100_000;

export interface AlertStreamParts {
  readonly alerts: Pick<AlertStore, 'onChange'>;
  readonly states: AlertStateStore;
  readonly findRun: CatalogStore['findRun'];
  readonly telemetry: Pick<TelemetryStore, 'openRun' | 'points'>;
  readonly arena: Pick<StagingArena, 'block'>;
  readonly channels: Channels;
  readonly unit: AlertUnit;
  /** Wall time, milliseconds since the epoch. */
  readonly clock: () => number;
  /** An alert of the run has another status. */
  readonly onRunChanged: (runId: string) => void;
  /** A message waits for a channel. */
  readonly onMessages: () => void;
  readonly onError: (error: unknown) => void;
}

/** Evaluates the alerts over what passes by, after it is in the log; what it finds is durable together with how far in the log it is. */
export class AlertStream {
  readonly #parts: AlertStreamParts;
  readonly #outcome: AlertOutcome;
  readonly #watched = new Map<string, WatchedRun>();
  readonly #unwatched = new Set<string>();
  readonly #filling = new Set<Promise<void>>();
  readonly #startedAt: number;
  #seen: number;
  /** First record that is still needed, as it was known at the last tick. */
  #position: number;
  #savedAt: number;
  #statesAt: number;
  #isSaving = false;
  #isClosed = false;

  constructor(parts: AlertStreamParts) {
    this.#parts = parts;
    this.#outcome = new AlertOutcome(parts);
    this.#position = parts.states.position;
    this.#seen = this.#position - 1;
    this.#startedAt = parts.clock();
    this.#savedAt = this.#startedAt;
    this.#statesAt = this.#startedAt;
    parts.alerts.onChange((runIds) => {
      for (const runId of runIds) this.#alertsChanged(runId);
    });
  }

  /** Takes up the runs that were live when the collector stopped, one a turn of the event loop. */
  async start(): Promise<void> {
    for (const runId of this.#parts.states.liveRuns()) {
      if (this.#isClosed) return;
      this.#runOf(runId);
      await setImmediate();
    }
  }

  /** Where the log is read again; infinite when nothing was evaluated yet. */
  get replayFrom(): number {
    return this.#position === 0 ? Number.POSITIVE_INFINITY : this.#position;
  }

  /** Records below are not needed any more. */
  get safeSequence(): number {
    return this.#position;
  }

  #firstNeeded(): number {
    let safe = this.#seen + 1;
    for (const run of this.#watched.values()) {
      for (const { unsavedFrom } of run.alerts.all()) if (unsavedFrom > 0 && unsavedFrom < safe) safe = unsavedFrom;
    }
    return safe;
  }

  get statistics() {
    let [rules, states, unwatched] = [0, 0, 0];
    for (const { alerts } of this.#watched.values()) {
      rules += alerts.rules.size;
      for (const _ of alerts.all()) states++;
      unwatched += alerts.unwatched;
    }
    return { runs: this.#watched.size, rules, states, unwatched, dropped: this.#outcome.dropped };
  }

  /** A request that is durable; called in the order of the log, while its points are in the staging blocks. */
  observe(sequence: number, receivedAt: number, decoded: DecodedRequest, plan: RequestPlan): void {
    const { arena, clock } = this.#parts;
    this.#seen = sequence;
    const touched = new Set<WatchedRun>();
    for (const bound of plan.bound) {
      const run = this.#runOf(bound.runId);
      if (run === undefined) continue;
      const { part, events } = bound;
      addPoints(run.alerts, run.start, bound, decoded.segments, arena, sequence);
      if (run.watchesEvents) {
        for (const { timeUnixNano, body } of events) {
          run.alerts.addEvent(Number(timeUnixNano - run.startUnixNano), body, sequence);
        }
      }
      const newest = part.lastTimeUnixNano;
      if (newest !== undefined) run.heard(part.resource.instance, newest, receivedAt, clock());
      touched.add(run);
    }
    for (const run of touched) run.alerts.advance(run.watermark.nano);
    this.#saveSoon();
  }

  /** The status of the run, or anything else of it, may be different. */
  runChanged(runId: string): void {
    this.#unwatched.delete(runId);
    const { states, findRun, channels, clock } = this.#parts;
    const row = findRun(runId);
    if (row === undefined) return;
    const messages = runMessages(row, channels.forRuns, BigInt(clock()) * 1_000_000n);
    if (messages.length > 0) {
      states.save({
        watches: [],
        evaluations: [],
        statuses: [],
        outbox: messages,
        aborts: [],
        reached: new Map(),
        position: undefined,
      });
      this.#parts.onMessages();
    }
    this.#runOf(runId)?.update(row, clock());
    this.#saveSoon();
  }

  /** Ticks by wall time, last ticks, and states that have not been written for long. */
  tick(): void {
    const now = this.#parts.clock();
    for (const run of this.#watched.values()) {
      if (run.endIfDue(now)) {
        if (isSaved(run)) this.#watched.delete(run.id);
      } else if (run.isRunning && run.watermark.isLive && now >= this.#startedAt + START_DELAY_MILLISECONDS) {
        run.alerts.advance(run.watermark.nanoAt(now - TICK_DELAY_MILLISECONDS));
      }
    }
    if (now >= this.#statesAt + STATE_AGE_MILLISECONDS) this.#saveStates(now);
    this.#saveSoon();
    if (now < this.#savedAt + POSITION_INTERVAL_MILLISECONDS) return;
    this.#savedAt = now;
    const position = this.#firstNeeded();
    if (position <= this.#position) return;
    this.#position = position;
    if (this.#outcome.isEmpty) this.#save();
  }

  /** Writes everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#filling);
    this.#saveStates(this.#parts.clock());
    while (!this.#outcome.isEmpty) this.#save();
    this.#position = this.#firstNeeded();
    this.#save();
  }

  #runOf(runId: string): WatchedRun | undefined {
    const known = this.#watched.get(runId);
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
    const run = new WatchedRun(row, startUnixNano, saved.reachedNano, unit, this.#onEvaluation);
    this.#watched.set(runId, run);
    this.#fill(run, run.setAlerts(saved));
    run.update(row, clock());
    return run;
  }

  #alertsChanged(runId: string): void {
    this.#unwatched.delete(runId);
    const run = this.#watched.get(runId);
    if (run === undefined) this.#runOf(runId);
    else if (this.#parts.findRun(runId) === undefined) this.#forget(run);
    else this.#fill(run, run.setAlerts(this.#parts.states.load(runId)));
  }

  /** The run was deleted: what waits of it is not written. */
  #forget(run: WatchedRun): void {
    this.#outcome.forget(run);
    this.#watched.delete(run.id);
  }

  /** Brings in what was logged before the alerts were attached: their first window is as full as if they had been there. */
  #fill(run: WatchedRun, alertIds: readonly string[]): void {
    if (alertIds.length === 0) return;
    const filling = fillFromStore(this.#parts.telemetry, run, Math.max(1, this.#seen))
      .catch(this.#parts.onError)
      .finally(() => {
        this.#filling.delete(filling);
        for (const id of alertIds) run.alerts.filled(id);
        this.#saveSoon();
      });
    this.#filling.add(filling);
  }

  readonly #onEvaluation = (run: WatchedRun, evaluation: RunEvaluation): void => {
    evaluation.watched.unsavedFrom ||= Math.max(1, this.#seen);
    this.#outcome.add(run, evaluation);
  };

  #saveStates(now: number): void {
    this.#statesAt = now;
    for (const run of this.#watched.values()) {
      for (const watched of run.alerts.all())
        if (watched.unsavedFrom > 0 && !watched.isFilling) this.#outcome.addState(run, watched);
    }
  }

  /** After the turn of the event loop, so that what arrives together is written together. */
  #saveSoon(): void {
    if (this.#isSaving || this.#outcome.isEmpty) return;
    this.#isSaving = true;
    setImmediate().then(() => {
      this.#isSaving = false;
      try {
        this.#save();
      } catch (error) {
        this.#parts.onError(error);
        return;
      }
      this.#saveSoon();
    });
  }

  #save(): void {
    const { changedRuns, hasMessages } = this.#outcome.save(this.#seen, this.#position);
    for (const runId of changedRuns) this.#parts.onRunChanged(runId);
    if (hasMessages) this.#parts.onMessages();
  }
}

function isSaved(run: WatchedRun): boolean {
  for (const { unsavedFrom } of run.alerts.all()) if (unsavedFrom > 0) return false;
  return true;
}
