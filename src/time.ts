/** Times are nanoseconds since the epoch, UTC, as `bigint` at the edges; hot paths carry them as two unsigned 32-bit words. */
export const NANOS_PER_SECOND = 1_000_000_000n;
/** For times as `NANOS_PER_SECOND`. */
export const NANOS_PER_MILLISECOND = 1_000_000n;

/** Splits `[seconds, nanoseconds]` (OpenTelemetry's `HrTime`) from nanoseconds since the epoch. */
export function unixNanoToHrTime(timeUnixNano: bigint): [number, number] {
  return [Number(timeUnixNano / NANOS_PER_SECOND), Number(timeUnixNano % NANOS_PER_SECOND)];
}

/** Nanoseconds since the epoch of OpenTelemetry's `HrTime`. */
export function hrTimeToUnixNano(time: readonly [number, number]): bigint {
  return BigInt(time[0]) * NANOS_PER_SECOND + BigInt(time[1]);
}

/** Metrics of one call have one time: thousands are printed one after the other. */
let printed = { timeUnixNano: 0n, text: '1970-01-01T00:00:00.000000' };

/**
 * Writes a time as Simvue does: `YYYY-MM-DDTHH:MM:SS.ffffff`, UTC, without zone; nanoseconds are cut, not rounded.
 */
export function formatTimestamp(timeUnixNano: bigint): string {
  if (timeUnixNano !== printed.timeUnixNano) printed = { timeUnixNano, text: printTimestamp(timeUnixNano) };
  return printed.text;
}

/** Times that are printed one after the other often are of one second. */
let second = { unixSeconds: 0n, text: '1970-01-01T00:00:00' };

function printTimestamp(timeUnixNano: bigint): string {
  const unixSeconds = floorDivide(timeUnixNano, NANOS_PER_SECOND);
  if (unixSeconds !== second.unixSeconds)
    second = { unixSeconds, text: new Date(Number(unixSeconds) * 1000).toISOString().slice(0, -5) };
  const nanos = Number(timeUnixNano - unixSeconds * NANOS_PER_SECOND);
  return `${second.text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`;
}

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Parses `YYYY-MM-DD[T ]hh:mm:ss[.f{1,9}][Z|±hh:mm]`; no zone means UTC.
 *
 * @returns nanoseconds since the epoch, or undefined when the text is not such a time.
 */
export function parseTimestamp(text: string): bigint | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const milliseconds = Date.parse(`${match[1]}T${match[2]}${match[4] ?? 'Z'}`);
  if (Number.isNaN(milliseconds) || !isDay(match[1] as string)) return undefined;
  return BigInt(milliseconds) * NANOS_PER_MILLISECOND + BigInt((match[3] ?? '').padEnd(9, '0'));
}

/** `Date.parse` takes the 30th of February for the 1st of March. */
function isDay(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).getUTCDate() === Number(date.slice(8));
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}
