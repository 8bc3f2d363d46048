import { errorText, SimvueError } from 'simvue-otel/errors';
import { parseTimestamp } from 'simvue-otel/time';
import { readMsgpack } from './msgpack-reader.ts';
import { timeProblem } from './request-builder.ts';

const NONE = Number.NaN;

/** A map of a msgpack message. */
export type Fields = Readonly<Record<string, unknown>>;

/** When and where in the run an entry's values were logged. */
export interface EntryTime {
  readonly unixNano: bigint;
  /** NaN = none. */
  readonly step: number;
  readonly runTimeSeconds: number;
}

/** @throws SimvueError `SIMVUE_ERR_INVALID_ARGUMENT` when the body is not msgpack. */
export function decodeMessage(body: Buffer): unknown {
  try {
    return readMsgpack(body);
  } catch (error) {
    throw invalid(`body is not msgpack: ${errorText(error)}`);
  }
}

/** An error of the sender (422, as Simvue's clients expect it). */
export function invalid(problem: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', problem);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** @returns the entry's time, or what is wrong with it. */
export function readTime(entry: Fields): EntryTime | string {
  const unixNano = readTimestamp(entry);
  if (typeof unixNano === 'string') return unixNano;
  const { step = null, time = null } = entry;
  if (step !== null && !Number.isSafeInteger(step)) return 'step is not an integer';
  if (time !== null && typeof time !== 'number') return 'time is not a number of seconds';
  return { unixNano, step: (step ?? NONE) as number, runTimeSeconds: time ?? NONE };
}

/** @returns nanoseconds since the epoch, or what is wrong with `timestamp`. */
export function readTimestamp({ timestamp }: Fields): bigint | string {
  const unixNano = typeof timestamp === 'string' ? parseTimestamp(timestamp) : undefined;
  if (unixNano === undefined) return 'timestamp is not a time such as 2026-01-31T12:00:00.000000 (UTC)';
  if (unixNano <= 0n) return 'timestamp is not after 1970';
  return timeProblem('timestamp', 1, Number(unixNano >> 32n)) ?? unixNano;
}
