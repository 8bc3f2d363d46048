import { setImmediate } from 'node:timers/promises';
import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import type { AlertStateStore } from '../store/alert-state-store.ts';
import type { AlertStore } from '../store/alert-store.ts';
import type { RunRow } from '../store/catalog-store.ts';
import { type Channels, runMessages } from './alert-message.ts';
import { AlertOutcome } from './alert-outcome.ts';
import { addPoints } from './alert-points.ts';
import type { RequestPlan } from './request-planner.ts';
import { isTerminal } from './run-lifecycle.ts';
import type { StagingArena } from './staging.ts';
import type { DecodedRequest } from './telemetry-batch.ts';
import type { WatchedRun } from './watched-run.ts';
import { WatchedRuns, type WatchedRunsParts } from './watched-runs.ts';

/** Wall time is this far past a tick when it is evaluated without a point beyond it. */
const TICK_DELAY_MILLISECONDS = 5_000;
/** After a start the programs send what they kept: until then wall time evaluates nothing. */
const START_DELAY_MILLISECONDS = 30_000;
/** States with points that no evaluation has written for so long are written without one, and the log goes on. */
const STATE_AGE_MILLISECONDS = 30_000;
const POSITION_INTERVAL_MILLISECONDS = 5_000;

export interface AlertStreamParts extends WatchedRunsParts {
  readonly alerts: Pick<AlertStore, 'onChange'>;
  readonly states: AlertStateStore;
  readonly arena: Pick<StagingArena, 'block'>;
  readonly channels: Channels;
  /** An alert of the run has another status. */
  readonly onRunChanged: (runId: string) => void;
  /** A message waits for a channel. */
  readonly onMessages: () => void;
  /** {@link AlertStream.safeSequence} has risen. */
  readonly onPosition: () => void;
}

/** Evaluates the alerts over what passes by, after it is in the log; what it finds is durable together with how far in the log it is. */
export class AlertStream {
  readonly #parts: AlertStreamParts;
  readonly #outcome: AlertOutcome;
  readonly #runs: WatchedRuns;
  readonly #startedAt: number;
  #seen: number;
  /** First record that is still needed, as it was known at the last tick. */
  #position: number;
  #savedAt: number;
  #statesAt: number;
  #isSaving = false;
  /** Runs whose messages about their status are made. */
  readonly #told = new Set<string>();
  #isClosed = false;

  constructor(parts: AlertStreamParts) {
    this.#parts = parts;
    this.#outcome = new AlertOutcome(parts);
    this.#position = parts.states.position;
    this.#seen = this.#position - 1;
    this.#runs = this.#watchRuns();
    this.#startedAt = parts.clock();
    this.#savedAt = this.#startedAt;
    this.#statesAt = this.#startedAt;
    parts.alerts.onChange((runIds) => {
      this.#guard(() => this.#runs.alertsChanged(runIds));
      parts.onMessages();
    });
  }

  /** Takes up the runs that were live when the collector stopped, or of which not all was told, one a turn of the event loop. */
  async start(): Promise<void> {
    const { states } = this.#parts;
    for (const runId of states.news()) {
      if (this.#isClosed) return;
      this.runChanged(runId);
      await setImmediate();
    }
    for (const runId of states.liveRuns()) {
      if (this.#isClosed) return;
      this.#guard(() => this.#runs.get(runId));
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
    let first = this.#seen + 1;
    for (const { firstUnsaved } of this.#runs.all)
      if (firstUnsaved !== undefined) first = Math.min(first, firstUnsaved);
    return first;
  }

  get statistics() {
    let [runs, rules, states, unwatched] = [0, 0, 0, 0];
    for (const { alerts } of this.#runs.all) {
      runs++;
      rules += alerts.rules.size;
      for (const _ of alerts.all()) states++;
      unwatched += alerts.unwatched;
    }
    return { runs, rules, states, unwatched, dropped: this.#outcome.dropped };
  }

  /** A request that is durable; called in the order of the log, while its points are in the staging blocks. Never throws: it is stored whatever happens here. */
  observe(sequence: number, receivedAt: number, decoded: DecodedRequest, plan: RequestPlan): void {
    this.#guard(() => this.#observe(sequence, receivedAt, decoded, plan));
  }

  #observe(sequence: number, receivedAt: number, decoded: DecodedRequest, plan: RequestPlan): void {
    const { arena, clock } = this.#parts;
    this.#seen = sequence;
    const touched = new Set<WatchedRun>();
    for (const bound of plan.bound) {
      const run = this.#runs.get(bound.runId);
      if (run === undefined) continue;
      const { part, events } = bound;
      addPoints(run, bound, decoded.segments, arena, sequence);
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
    this.#guard(() => this.#runChanged(runId));
  }

  #runChanged(runId: string): void {
    const { findRun, clock } = this.#parts;
    const row = findRun(runId);
    if (row === undefined) return;
    this.#tell(row);
    this.#runs.look(row)?.update(row, clock());
    this.#saveSoon();
  }

  /** The messages about the end or loss of a run, once. */
  #tell(row: RunRow): void {
    const { states, channels, clock } = this.#parts;
    if (row.status !== 'lost' && !isTerminal(row.status)) this.#told.delete(row.id);
    else if (!this.#told.has(row.id) && states.isNews(row.id)) {
      this.#told.add(row.id);
      this.#outcome.addMessages(runMessages(row, channels.forRuns, BigInt(clock()) * NANOS_PER_MILLISECOND));
    }
  }

  /** Runs whose messages are written, whose last tick has been, and whose states are saved. */
  #overRuns(): string[] {
    return this.#outcome.isEmpty ? [...this.#told].filter((runId) => this.#runs.isSettled(runId)) : [];
  }

  /** Ticks by wall time, last ticks, and states that have not been written for long. */
  tick(): void {
    const now = this.#parts.clock();
    for (const run of this.#runs.all) {
      if (run.isStale) continue;
      if (run.endIfDue(now)) this.#runs.release(run);
      else if (run.isRunning && run.watermark.isLive && now >= this.#startedAt + START_DELAY_MILLISECONDS) {
        run.alerts.advance(run.watermark.nanoAt(now - TICK_DELAY_MILLISECONDS));
      }
    }
    if (now >= this.#statesAt + STATE_AGE_MILLISECONDS) this.#saveStates(now);
    this.#saveSoon();
    if (now < this.#savedAt + POSITION_INTERVAL_MILLISECONDS) return;
    this.#savedAt = now;
    const position = this.#firstNeeded();
    const over = this.#overRuns();
    const isFurther = position > this.#position;
    if (!isFurther && over.length === 0) return;
    this.#position = Math.max(position, this.#position);
    if (this.#outcome.isEmpty) this.#save(over);
    if (isFurther) this.#parts.onPosition();
  }

  /** Writes everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#guard(() => this.#runs.refresh());
    await this.#runs.filled();
    this.#saveStates(this.#parts.clock());
    while (!this.#outcome.isEmpty) this.#save();
    this.#position = this.#firstNeeded();
    this.#save(this.#overRuns());
  }

  #watchRuns(): WatchedRuns {
    const seen = (): number => this.#seen;
    return new WatchedRuns(this.#parts, {
      onEvaluation: (run, evaluation) => {
        evaluation.watched.unsavedFrom ||= Math.max(1, this.#seen);
        this.#outcome.add(run, evaluation);
      },
      onForgotten: (run) => this.#outcome.forget(run),
      onFilled: () => this.#saveSoon(),
      get seen() {
        return seen();
      },
    });
  }

  #saveStates(now: number): void {
    this.#statesAt = now;
    for (const run of this.#runs.all) {
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
      if (this.#guard(() => this.#save())) this.#saveSoon();
    });
  }

  #guard(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#parts.onError(error);
      return false;
    }
  }

  #save(over: readonly string[] = []): void {
    const { changedRuns, hasMessages } = this.#outcome.save(this.#seen, this.#position, over);
    for (const runId of over) this.#told.delete(runId);
    for (const runId of changedRuns) this.#parts.onRunChanged(runId);
    if (hasMessages) this.#parts.onMessages();
  }
}
