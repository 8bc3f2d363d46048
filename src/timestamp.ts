import { isDate } from 'node:util/types';
import { SimvueError } from './errors.ts';
import { hrTimeToUnixNano, NANOS_PER_MILLISECOND, parseTimestamp } from './time.ts';

/**
 * A time as callers give it: a `Date`, nanoseconds since the epoch, OpenTelemetry's `[seconds, nanoseconds]`, or text
 * `YYYY-MM-DD[T ]hh:mm:ss[.f{1,9}][Z|±hh:mm]`, where no zone means UTC.
 */
export type Timestamp = Date | bigint | readonly [seconds: number, nanoseconds: number] | string;

const MAX_UNIX_NANO = 2n ** 63n - 1n;

/**
 * Nanoseconds since the epoch of a timestamp.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` when it is not one, or lies before 1970 or after 2262.
 */
export function timestampToUnixNano(timestamp: Timestamp): bigint {
  const nanos = parse(timestamp);
  if (nanos === undefined || nanos < 0n || nanos > MAX_UNIX_NANO) {
    throw new SimvueError(
      'SIMVUE_ERR_INVALID_ARGUMENT',
      `timestamp ${String(timestamp)} is not a time: give a Date, nanoseconds as bigint, [seconds, nanoseconds] or YYYY-MM-DDThh:mm:ss.ffffffZ`,
    );
  }
  return nanos;
}

function parse(timestamp: unknown): bigint | undefined {
  if (typeof timestamp === 'string') return parseTimestamp(timestamp);
  if (typeof timestamp === 'bigint') return timestamp;
  if (isDate(timestamp)) {
    return Number.isNaN(timestamp.getTime()) ? undefined : BigInt(timestamp.getTime()) * NANOS_PER_MILLISECOND;
  }
  return isHrTime(timestamp) ? hrTimeToUnixNano(timestamp) : undefined;
}

function isHrTime(value: unknown): value is [number, number] {
  return (
    Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger) && value[1] >= 0 && value[1] < 1e9
  );
}
