import { format, formatWithOptions } from 'node:util';
import { errorText } from '../errors.ts';
import { exceptionAttributes, isError } from '../exception.ts';
import type { Level } from '../log-record.ts';
import type { Run } from '../run.ts';
import { reaches, type Threshold } from './severity.ts';

const METHODS = { trace: 'trace', debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;
type Method = keyof typeof METHODS;

/**
 * Makes events of what the program prints with `console`; it is printed as before. What is written to `process.stdout` itself is not seen.
 *
 * @param threshold - least level: `console.log` is `info`, the others are what they are called.
 * @returns how to end it.
 */
export function captureConsole(
  run: Pick<Run, 'logEvent'>,
  threshold: Threshold = 'trace',
  target: Console = console,
): () => void {
  if (threshold === 'off') return () => undefined;
  const originals = new Map((Object.keys(METHODS) as Method[]).map((method) => [method, target[method]]));
  const { error: printError } = target;
  let isInside = false;
  for (const [method, original] of originals) {
    const captured = (...items: unknown[]) => {
      // The console's own `trace` prints with its `error`, and our frame with it.
      if (method === 'trace') printError.call(target, traceOf(items, captured));
      else original.apply(target, items);
      if (isInside || !reaches(METHODS[method], threshold) || isOwnWarning(items)) return;
      isInside = true;
      try {
        logItems(run, METHODS[method], items);
      } finally {
        isInside = false;
      }
    };
    target[method] = captured;
  }
  return () => {
    for (const [method, original] of originals) target[method] = original;
  };
}

/** What Node prints, from the program's call on. */
function traceOf(items: readonly unknown[], call: () => void): string | undefined {
  const colors = process.stderr.isTTY && process.stderr.hasColors();
  const trace: { name: string; message: string; stack?: string } = {
    name: 'Trace',
    message: formatWithOptions({ colors }, ...items),
  };
  Error.captureStackTrace(trace, call);
  return trace.stack;
}

/** Node prints warnings of the process, ours too, with `console.error`. */
function isOwnWarning([first]: readonly unknown[]): boolean {
  return typeof first === 'string' && /^\(node:\d+\) SimvueWarning/.test(first);
}

function logItems(run: Pick<Run, 'logEvent'>, level: Level, items: readonly unknown[]): void {
  const text = textOf(items);
  if (text === '') return;
  const error = items.find(isError);
  const attributes = error === undefined ? {} : Object.fromEntries(exceptionAttributes(error));
  run.logEvent(text, { level, attributes });
}

/** An object whose inspection throws has no text. */
function textOf(items: readonly unknown[]): string {
  try {
    return format(...items);
  } catch (error) {
    return `(not printable: ${errorText(error)})`;
  }
}
