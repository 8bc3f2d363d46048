/** How a process ends. */
export type ProcessEnd =
  | { readonly kind: 'natural'; readonly exitCode: number }
  | { readonly kind: 'exit'; readonly exitCode: number; readonly uncaught: unknown }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

/** A run that must hear of the end of the process. */
export interface ExitListener {
  /** The program has thrown; it may still go on if it has its own handler. */
  onUncaught(error: unknown): void;
  /** The last event loop turn has come: may work asynchronously. */
  onNaturalEnd(end: Extract<ProcessEnd, { kind: 'natural' }>): void;
  /** No event loop from here on: must work synchronously. */
  onEnd(end: Exclude<ProcessEnd, { kind: 'natural' }>): void;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

const listeners = new Set<ExitListener>();
let uncaught: unknown;

/** Listens for the end of the process while at least one run is open; changes neither exit codes nor signals. */
export function addExitListener(listener: ExitListener): void {
  listeners.add(listener);
  if (listeners.size > 1) return;
  process.on('uncaughtExceptionMonitor', onUncaught);
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  for (const signal of SIGNALS) process.prependOnceListener(signal, onSignal);
}

export function removeExitListener(listener: ExitListener): void {
  if (!listeners.delete(listener) || listeners.size > 0) return;
  process.off('uncaughtExceptionMonitor', onUncaught);
  process.off('beforeExit', onBeforeExit);
  process.off('exit', onExit);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function onUncaught(error: unknown): void {
  uncaught = error;
  for (const listener of [...listeners]) listener.onUncaught(error);
}

function onBeforeExit(code: number): void {
  for (const listener of [...listeners]) listener.onNaturalEnd({ kind: 'natural', exitCode: code });
}

function onExit(code: number): void {
  for (const listener of [...listeners]) listener.onEnd({ kind: 'exit', exitCode: code, uncaught });
}

/**
 * A program with its own handler decides itself: its exit code tells the end. Else the signal does what it always does.
 * Ours runs first and comes back later, so that packages that count the listeners see theirs alone.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 0) {
    setImmediate(() => {
      if (listeners.size > 0) process.prependOnceListener(signal, onSignal);
    });
    return;
  }
  for (const listener of [...listeners]) listener.onEnd({ kind: 'signal', signal });
  process.kill(process.pid, signal);
}
