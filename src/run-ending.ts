import type { AttributeMap } from './attributes.ts';
import { exceptionAttributes, isError } from './exception.ts';
import { addExitListener, type ExitListener, type ProcessEnd, removeExitListener } from './exit-hooks.ts';
import type { Reports } from './reports.ts';
import type { RunAreas } from './run-areas.ts';
import { errorBody } from './run-event.ts';
import type { RunSession } from './run-session.ts';
import type { RunTasks } from './run-tasks.ts';
import { EVENT, RUN_EVENT, type TerminalStatus } from './semconv.ts';

const NATURAL_END_TIMEOUT_MILLIS = 10_000;
const EXIT_TIMEOUT_MILLIS = 2_000;
/** @see https://nodejs.org/api/process.html#exit-codes */
const UNSETTLED_AWAIT = 13;

interface EndingParts {
  readonly areas: RunAreas;
  readonly tasks: RunTasks;
  /** A run that waits for another program to take it up does not end with this one. */
  readonly isCreated: () => boolean;
}

/** How a run ends: by its program, or with the process. */
export class RunEnding implements ExitListener {
  readonly #session: RunSession;
  readonly #parts: EndingParts;
  readonly #reports: Reports;
  #status: TerminalStatus | undefined;
  #isAborted = false;
  #closing: Promise<boolean> | undefined;
  #taskDeadline = Infinity;
  /** What the end of the run says, before the process has ended. */
  #assumedExitCode: number | undefined;
  #isDrained = true;

  constructor(session: RunSession, parts: EndingParts, reports: Reports) {
    this.#session = session;
    this.#parts = parts;
    this.#reports = reports;
    addExitListener(this);
  }

  /** Set as soon as the run has ended. */
  get status(): TerminalStatus | undefined {
    return this.#status;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  get #isOpen(): boolean {
    return this.#status === undefined && !this.#parts.isCreated();
  }

  /** What is left, in words. */
  get pendingText(): string {
    const { pendingPoints, pendingRecords } = this.#session.sink;
    const { pending } = this.#parts.tasks;
    return `${pendingPoints} points, ${pendingRecords} events, ${pending} artifacts and settings`;
  }

  /** From here on the program may close the run or exit by itself: it is terminated all the same. */
  abort(): void {
    this.#isAborted = true;
  }

  /** Records the end. */
  end(status: TerminalStatus, attributes: AttributeMap): boolean {
    this.#status = status;
    attributes.set(RUN_EVENT.status, status);
    return this.#session.record(EVENT.runEnd, { attributes }, true);
  }

  /** @returns false when data is left after `timeoutMillis`. */
  close(timeoutMillis: number): Promise<boolean> {
    this.#closing ??= this.#close(timeoutMillis);
    return this.#closing;
  }

  onUncaught(error: unknown): void {
    const attributes = exceptionAttributes(error);
    const body = isError(error) ? errorBody(error, 'Uncaught ') : `Uncaught ${String(error)}`;
    this.#session.record('', { severityNumber: 21, severityText: 'FATAL', body, attributes }, true);
  }

  onNaturalEnd({ exitCode }: { exitCode: number }): void {
    if (this.closed) return;
    if (this.#waitsForTasks()) return;
    if (this.#endWithExitCode(exitCode, undefined)) this.#assumedExitCode = exitCode;
    const timeoutMillis = this.#taskDeadline === Infinity ? NATURAL_END_TIMEOUT_MILLIS : EXIT_TIMEOUT_MILLIS;
    this.#closing = this.#drain(timeoutMillis);
    void this.#closing.then((drained) => {
      if (!drained) this.#reports.once('end', `Not delivered: ${this.pendingText}.`);
    });
  }

  /** The program may await a task, which keeps no process alive, and go on: then the end comes again. */
  #waitsForTasks(): boolean {
    const { tasks } = this.#parts;
    if (tasks.pending === 0 || performance.now() > this.#taskDeadline) return false;
    if (this.#taskDeadline === Infinity) this.#taskDeadline = performance.now() + NATURAL_END_TIMEOUT_MILLIS;
    void tasks.flush(this.#taskDeadline - performance.now()).then((done) => {
      if (done) this.#taskDeadline = Infinity;
    });
    return true;
  }

  onEnd(end: Exclude<ProcessEnd, { kind: 'natural' }>): void {
    if (end.kind === 'exit') this.#endWithExitCode(end.exitCode, end.uncaught);
    else if (this.#isOpen) this.end('terminated', new Map([[RUN_EVENT.exitSignal, end.signal]]));
    this.#session.stop();
    this.#parts.areas.stop();
    this.#session.sink.deliverAtExit(this.#isDrained ? EXIT_TIMEOUT_MILLIS : 0);
    const { pending } = this.#parts.tasks;
    if (pending > 0)
      this.#reports.once(
        'end',
        `The process ended before ${pending} artifacts and settings were stored; the journal keeps what it has.`,
      );
    this.#parts.areas.shutdown();
    removeExitListener(this);
  }

  /** @returns whether that is the end of the run: not when the program has ended it. */
  #endWithExitCode(exitCode: number, uncaught: unknown): boolean {
    const isCorrection = this.#assumedExitCode !== undefined && this.#assumedExitCode !== exitCode;
    if (!this.#isOpen && !isCorrection) return false;
    if (isCorrection && exitCode === UNSETTLED_AWAIT) {
      const body = 'The program waits at its top level for a promise that never settles (exit code 13).';
      this.#session.record('', { severityNumber: 17, severityText: 'ERROR', body }, true);
    }
    const failed = exitCode !== 0;
    const attributes = failed && uncaught !== undefined ? exceptionAttributes(uncaught) : new Map();
    this.end(
      this.#isAborted ? 'terminated' : failed ? 'failed' : 'completed',
      attributes.set(RUN_EVENT.exitCode, exitCode),
    );
    return true;
  }

  async #close(timeoutMillis: number): Promise<boolean> {
    if (this.#isOpen) this.end(this.#isAborted ? 'terminated' : 'completed', new Map());
    const drained = await this.#drain(timeoutMillis);
    this.#session.sink.close();
    removeExitListener(this);
    return drained;
  }

  /** Sends what is left; what is recorded afterwards waits for the end of the process. */
  async #drain(timeoutMillis: number): Promise<boolean> {
    this.#session.stop();
    this.#parts.areas.stop();
    const { sink } = this.#session;
    const { tasks, areas } = this.#parts;
    const deadline = performance.now() + timeoutMillis;
    const left = () => Math.max(0, deadline - performance.now());
    const working = tasks.flush(timeoutMillis);
    let drained = await sink.flush(timeoutMillis);
    const done = await working;
    // What the tasks have recorded meanwhile.
    if (drained && sink.pendingRecords > 0) drained = await sink.flush(left());
    await this.#session.endRecovery(drained && done ? left() : 0);
    await sink.stopSending();
    areas.shutdown();
    this.#isDrained = drained && done;
    return this.#isDrained;
  }
}
