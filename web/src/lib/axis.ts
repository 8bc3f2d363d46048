import { formatCount, formatDecade, formatNumber, formatTick } from './numbers.ts';
import { formatClock, formatElapsed } from './time.ts';
import { metricOnAxis, type XAxis } from './x-axis.ts';

/** A place on an axis, as it stands in a sentence. */
export function formatPlace(axis: XAxis, x: number): string {
  if (axis === 'step') return formatCount(x);
  if (axis === 'time') return formatElapsed(x);
  return axis === 'timestamp' ? formatClock(x) : formatNumber(x);
}

/** Steps between labels of an axis in seconds: they fall on round clock times. */
export const SECOND_INCREMENTS = [
  0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800, 2_592_000,
];
/** Steps between labels of a step axis: whole numbers. */
export const STEP_INCREMENTS = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((m) => m * 10 ** power)).flat();

/** Labels of the x axis for the positions that were chosen. */
export function formatXTicks(axis: XAxis, positions: readonly number[]): string[] {
  if (axis === 'step') {
    const long = positions.some((position) => position >= 10_000);
    return positions.map((step) => (long && step >= 1000 && step < 10_000 ? `${step / 1000}k` : formatTick(step)));
  }
  if (metricOnAxis(axis) !== undefined) return positions.map(formatTick);
  const every = positions.length > 1 ? (positions[1] ?? 0) - (positions[0] ?? 0) : 1;
  if (every < 1) {
    const digits = Math.max(1, Math.ceil(-Math.log10(every)));
    return positions.map((seconds) =>
      axis === 'time' ? seconds.toFixed(digits) : `${(((seconds % 60) + 60) % 60).toFixed(digits)} s`,
    );
  }
  if (axis === 'time') return positions.map(formatElapsed);
  if (every >= 86_400) return positions.map((seconds) => new Date(seconds * 1000).toISOString().slice(5, 10));
  return positions.map((seconds) => formatClock(seconds).slice(0, every % 60 === 0 ? 5 : 8));
}

const NEAR = 1e-6;
const isWhole = (power: number) => Math.abs(power - Math.round(power)) < NEAR;
const spanOf = (min: number, max: number) => Math.log10(max) - Math.log10(min);

const MOST_DIVIDED_DECADES = 12;

/** Positions of a logarithmic axis: the multiples of its decades; on a very long one the decades alone. */
export function logPositions(min: number, max: number): number[] {
  const divided = spanOf(min, max) <= MOST_DIVIDED_DECADES;
  const positions: number[] = [];
  for (let power = Math.floor(Math.log10(min) - NEAR); power <= Math.log10(max) + NEAR; power += 1) {
    for (let multiple = 1; multiple <= (divided ? 9 : 1); multiple += 1) {
      const position = Number(`${multiple}e${power}`);
      if (position >= min * (1 - NEAR) && position <= max * (1 + NEAR)) positions.push(position);
    }
  }
  return positions;
}

/** Which positions of a logarithmic axis get a label: decades (at the most four or so), or 1, 2, 5 on a short axis. */
export function pickLogLabels(positions: readonly number[], min: number, max: number): (number | null)[] {
  const span = spanOf(min, max);
  if (span < 2.2) {
    return positions.map((position) => {
      const mantissa = position / 10 ** Math.floor(Math.log10(position) + NEAR);
      return [1, 2, 5].some((wanted) => Math.abs(mantissa - wanted) < NEAR) ? position : null;
    });
  }
  const every = Math.ceil(span / 4);
  return positions.map((position) => {
    const power = Math.log10(position);
    return isWhole(power) && Math.round(power) % every === 0 ? position : null;
  });
}

/** Positions on a whole decade: the only ones with a grid line. */
export const pickDecades = (positions: readonly number[]): (number | null)[] =>
  positions.map((position) => (isWhole(Math.log10(position)) ? position : null));

/** Label of one position of a logarithmic axis from `min` to `max`. */
export function formatLogTick(position: number, min: number, max: number): string {
  const power = Math.log10(position);
  if (isWhole(power) && spanOf(min, max) >= 2.2) return formatDecade(Math.round(power));
  return position.toExponential(0).replace('e+', 'e').replace('-', '−');
}

/** Range of an x axis: from the first to the last position; a single one stands in the middle. */
export function xRange(min: number | null, max: number | null, log: boolean): [number, number] {
  if (min === null || max === null) return log ? [1, 10] : [0, 1];
  if (min === max) return log ? [min / 2, min * 2] : [min - 0.5, max + 0.5];
  return [min, max];
}

/** Range of a linear y axis: 8 % of air; values that are never negative do not get a negative axis. */
export function linearRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  // Rounding noise of a constant is not a range: an axis cannot be divided that finely.
  const flat = max - min <= 1e-9 * Math.max(Math.abs(min), Math.abs(max));
  const air = (flat ? 0 : (max - min) * 0.08) || Math.abs(max) * 0.1 || 1;
  return [min >= 0 && min - air < 0 ? 0 : min - air, max <= 0 && max + air > 0 ? 0 : max + air];
}

/** Range of a logarithmic y axis: whole decades if it spans some, else 15 % of air. */
export function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || min <= 0) return [0.1, 1];
  if (spanOf(min, max) < 2) return [min / 1.15, max * 1.15];
  return [10 ** (Math.log10(min) - 0.1), 10 ** (Math.log10(max) + 0.1)];
}

/** A range moved by a share of its own length; on a logarithmic axis by that share of its decades. */
export function movedRange([low, high]: readonly [number, number], share: number, log: boolean): [number, number] {
  if (log) return [low * (high / low) ** share, high * (high / low) ** share];
  return [low + (high - low) * share, high + (high - low) * share];
}
