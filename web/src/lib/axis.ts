import { formatCount, formatNumber } from './numbers.ts';
import { formatClock, formatElapsed, formatStamp } from './time.ts';
import type { XAxis } from './x-axis.ts';

const DAY_SECONDS = 86_400;

/** A place on an axis, as it stands in a sentence; wall time has its date where the axis is longer than a day. @param span - length of the axis. */
export function formatPlace(axis: XAxis, x: number, span = 0): string {
  if (axis === 'step') return formatCount(x);
  if (axis === 'time') return formatElapsed(x);
  if (axis !== 'timestamp') return formatNumber(x);
  return span > DAY_SECONDS ? formatStamp(x, true).slice(5) : formatClock(x);
}

/** From the least begin to the greatest end of some ranges. */
export const spanOf = (ranges: readonly (readonly [number, number])[]): number =>
  Math.max(0, Math.max(...ranges.map(([, end]) => end)) - Math.min(...ranges.map(([begin]) => begin)));

const decadesOf = (min: number, max: number) => Math.log10(max) - Math.log10(min);

/** Range of an x axis: from the first to the last position; a single one stands in the middle. */
export function xRange(min: number | null, max: number | null, log: boolean): [number, number] {
  if (min === null || max === null) return log ? [1, 10] : [0, 1];
  if (min === max) return log ? [min / 2, min * 2] : [min - 0.5, max + 0.5];
  return [min, max];
}

/** Beyond it the length of a range would not be a number. */
const MOST = Number.MAX_VALUE / 2.5;

/** Range of a linear y axis: 8 % of air; values that are never negative do not get a negative axis, but for a line of zeros. */
export function linearRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === 0 && max === 0) return [-1, 1];
  const [low, high] = [Math.max(-MOST, min), Math.min(MOST, max)];
  // Rounding noise of a constant is not a range: an axis cannot be divided that finely.
  const flat = high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const air = (flat ? 0 : (high - low) * 0.08) || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low - air < 0 ? 0 : low - air, high <= 0 && high + air > 0 ? 0 : high + air];
}

/** Range of a logarithmic y axis: whole decades if it spans some, else 15 % of air. */
export function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || min <= 0) return [0.1, 1];
  if (decadesOf(min, max) < 2) return [min / 1.15, max * 1.15];
  return [10 ** (Math.log10(min) - 0.1), 10 ** (Math.log10(max) + 0.1)];
}

/** A range moved by a share of its own length; on a logarithmic axis by that share of its decades. */
export function movedRange([low, high]: readonly [number, number], share: number, log: boolean): [number, number] {
  if (log) return [low * (high / low) ** share, high * (high / low) ** share];
  return [low + (high - low) * share, high + (high - low) * share];
}
