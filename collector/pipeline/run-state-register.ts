/**
 * Place of a change in the order of all changes of a run: 13 base-36 digits of its time, then its uid.
 * Comparing two stamps as strings compares (time, uid).
 */
export type Stamp = string;

const TIME_DIGITS = 13;

export function stampOf(timeUnixNano: bigint, uid: string): Stamp {
  const time = timeUnixNano > 0n ? timeUnixNano : 0n;
  return time.toString(36).padStart(TIME_DIGITS, '0') + uid;
}

/** Nanoseconds since the epoch of a stamp. */
export function stampTime(stamp: Stamp): bigint {
  const high = Number.parseInt(stamp.slice(0, 5), 36);
  const low = Number.parseInt(stamp.slice(5, TIME_DIGITS), 36);
  return BigInt(high) * 2_821_109_907_456n + BigInt(low);
}

/** A value and when it was written: the last writer wins. */
export type Register<T> = readonly [stamp: Stamp, value: T];

/** Writes a register of a map unless it holds a later value. */
export function writeRegister<K, V>(registers: Map<K, Register<V>>, key: K, stamp: Stamp, value: V): void {
  const current = registers.get(key);
  if (current === undefined || current[0] <= stamp) registers.set(key, [stamp, value]);
}
