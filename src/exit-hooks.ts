import { constants } from 'node:os';

/** How a process ends. */
export type ProcessEnd =
  | { readonly kind: 'natural'; readonly exitCode: number }
  | { readonly kind: 'exit'; readonly exitCode: number; readonly uncaught: unknown }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

/** A run that must hear of the end of the process. */
export interface ExitListener {
  /** The program has thrown, or rejected; it may still go on if it has its own handler. */
  onUncaught(error: unknown): void;
  /** The last event loop turn has come: may work asynchronously. The exit code may still change: `onEnd` comes too. */
  onNaturalEnd(end: Extract<ProcessEnd, { kind: 'natural' }>): void;
  /** No event loop from here on: must work synchronously. */
  onEnd(end: Exclude<ProcessEnd, { kind: 'natural' }>): void;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** By this copies of the package in one process know each other's listeners of signals. */
const COPY = Symbol.for('simvue-otel.signal-listener');

const listeners = new Set<ExitListener>();
const handledSignals = new Set<NodeJS.Signals>();
let uncaught: { readonly error: unknown } | undefined;

/** Listens for the end of the process while at least one run is open; changes neither exit codes nor signals. */
export function addExitListener(listener: ExitListener): void {
  listeners.add(listener);
  if (listeners.size > 1) return;
  process.on('uncaughtExceptionMonitor', onUncaught);
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  process.on('newListener', onNewListener);
  process.on('removeListener', onRemoveListener);
  if (process.listenerCount('unhandledRejection') > 0) process.prependListener('unhandledRejection', onUncaught);
  for (const signal of SIGNALS) process.prependOnceListener(signal, onSignal);
}

export function removeExitListener(listener: ExitListener): void {
  if (!listeners.delete(listener) || listeners.size > 0) return;
  process.off('uncaughtExceptionMonitor', onUncaught);
  process.off('beforeExit', onBeforeExit);
  process.off('exit', onExit);
  process.off('newListener', onNewListener);
  process.off('removeListener', onRemoveListener);
  process.off('unhandledRejection', onUncaught);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** Once for an error that a handler of rejections throws again. */
function onUncaught(error: unknown): void {
  if (uncaught !== undefined && uncaught.error === error) return;
  uncaught = { error };
  for (const listener of [...listeners]) listener.onUncaught(error);
}

/** Rejections that the program handles itself come nowhere else; a listener of ours alone would keep it from ending by them. */
function onNewListener(event: string | symbol, listener: unknown): void {
  if (event !== 'unhandledRejection' || listener === onUncaught) return;
  if (!process.listeners(event).includes(onUncaught)) process.prependListener(event, onUncaught);
}

function onRemoveListener(event: string | symbol): void {
  if (event === 'unhandledRejection' && process.listenerCount(event) === 1) process.off(event, onUncaught);
}

function onBeforeExit(code: number): void {
  for (const listener of [...listeners]) listener.onNaturalEnd({ kind: 'natural', exitCode: code });
}

/** A program that handles a signal and ends with the code that shells give to it was ended by the signal. */
function onExit(code: number): void {
  const signal = [...handledSignals].find((handled) => code === 128 + constants.signals[handled]);
  // Node 20 does not hand on a code that is set this late, as that of a top-level await that never settles is.
  const exitCode = code || Number(process.exitCode ?? 0);
  for (const listener of [...listeners]) {
    if (signal !== undefined) listener.onEnd({ kind: 'signal', signal });
    else listener.onEnd({ kind: 'exit', exitCode, uncaught: uncaught?.error });
  }
}

/**
 * A program with its own handler decides itself: its exit code tells the end. Else the signal does what it always does,
 * once the last copy of this package has ended its runs.
 * Ours runs first and comes back later, so that packages that count the listeners see theirs alone.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listeners(signal).some((listener) => !(COPY in listener))) {
    handledSignals.add(signal);
    setImmediate(() => {
      if (listeners.size > 0) process.prependOnceListener(signal, onSignal);
    });
    return;
  }
  for (const listener of [...listeners]) listener.onEnd({ kind: 'signal', signal });
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
Object.assign(onSignal, { [COPY]: true });
