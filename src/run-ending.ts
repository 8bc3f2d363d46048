import type { AttributeMap } from './attributes.ts';
import { exceptionAttributes } from './exception.ts';
import { addExitListener, type ExitListener, type ProcessEnd, removeExitListener } from './exit-hooks.ts';
import type { Reports } from './reports.ts';
import type { RunSession } from './run-session.ts';
import { EVENT, RUN_EVENT, type TerminalStatus } from './semconv.ts';

const NATURAL_END_TIMEOUT_MILLIS = 10_000;
const EXIT_TIMEOUT_MILLIS = 2_000;

/** How a run ends: by its program, or with the process. */
export class RunEnding implements ExitListener {
  readonly #session: RunSession;
  readonly #reports: Reports;
  #status: TerminalStatus | undefined;
  #closing: Promise<boolean> | undefined;

  constructor(session: RunSession, reports: Reports) {
    this.#session = session;
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
    const body = error instanceof Error ? `Uncaught ${error.name}: ${error.message}` : `Uncaught ${String(error)}`;
    this.#session.record('', { severityNumber: 21, severityText: 'FATAL', body, attributes }, true);
  }

  onNaturalEnd({ exitCode }: { exitCode: number }): void {
    if (this.closed) return;
    this.#endWithExitCode(exitCode, undefined);
    void this.close(NATURAL_END_TIMEOUT_MILLIS).then((drained) => {
      const { pendingPoints, pendingRecords } = this.#session.sink;
      if (!drained) this.#reports.once('end', `Not delivered: ${pendingPoints} points, ${pendingRecords} events.`);
    });
  }

  onEnd(end: Exclude<ProcessEnd, { kind: 'natural' }>): void {
    if (end.kind === 'exit') this.#endWithExitCode(end.exitCode, end.uncaught);
    else if (this.#status === undefined) this.end('terminated', new Map([[RUN_EVENT.exitSignal, end.signal]]));
    this.#session.stop();
    this.#session.sink.deliverAtExit(EXIT_TIMEOUT_MILLIS);
    removeExitListener(this);
  }

  #endWithExitCode(exitCode: number, uncaught: unknown): void {
    if (this.#status !== undefined) return;
    const failed = exitCode !== 0;
    const attributes = failed && uncaught !== undefined ? exceptionAttributes(uncaught) : new Map();
    this.end(failed ? 'failed' : 'completed', attributes.set(RUN_EVENT.exitCode, exitCode));
  }

  async #close(timeoutMillis: number): Promise<boolean> {
    if (this.#status === undefined) this.end('completed', new Map());
    this.#session.stop();
    const start = performance.now();
    const drained = await this.#session.sink.flush(timeoutMillis);
    await this.#session.endRecovery(drained ? timeoutMillis - (performance.now() - start) : 0);
    await this.#session.sink.shutdown();
    removeExitListener(this);
    return drained;
  }
}
