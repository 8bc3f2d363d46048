import { formatCount, formatDecade, formatExponent, formatTick } from './numbers.ts';
import { formatElapsed, wallTime } from './time.ts';
import type { XAxis } from './x-axis.ts';
import { shownZone, type Zone } from './zone.ts';

/** A place on an axis that has a label. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}
type Range = readonly [low: number, high: number];

const DAY = 86_400;
/** Seconds between labels that fall on round clock times. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, DAY];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const MONTH = 30.44 * DAY;
/** The least, less an hour of summer time. */
const LEAST_MONTH = 28 * DAY - 3600;
const LEAST_YEAR = 365 * DAY - 3600;
const NEAR = 1e-9;
const MOST_PLACES = 20;

/** Multiples of 1, 2, 2.5 or 5 of a power of ten between two ends, about `most` of them and two at least; none closer than `least`, which is whole. */
export function roundPositions(range: Range, most: number, least = 0): number[] {
  const raw = Math.max((range[1] - range[0]) / most, least);
  const power = 10 ** Math.floor(Math.log10(raw) + NEAR);
  const factors = least > 0 ? [1, 2, 5] : [1, 2, 2.5, 5];
  const step = (factors.find((factor) => factor * power >= raw * 0.8) ?? 10) * power;
  if (!(step > 0)) return [];
  const positions = multiples(range, step).map((at) => Number(at.toPrecision(15)));
  return positions.length >= 2 || raw === least || most > MOST_PLACES
    ? positions
    : roundPositions(range, most + 1, least);
}

function multiples([low, high]: Range, step: number): number[] {
  const first = Math.ceil(low / step - NEAR);
  const count = Math.floor(high / step + NEAR) - first + 1;
  return Number.isFinite(count) ? Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step) : [];
}

const powerOf = (value: number): number => Math.floor(Math.log10(value) + NEAR);

/** Power of ten of the last digit that multiples of a step have. */
function lastDigitOf(step: number): number {
  const power = powerOf(step);
  const factor = step / 10 ** power;
  return Math.abs(factor - Math.round(factor)) < 1e-3 ? power : power - 1;
}

/** Labels of places with equal distances, as short as they can be told apart. */
export function numberLabels(positions: readonly number[]): string[] {
  const step = positions.length > 1 ? (positions[1] ?? 0) - (positions[0] ?? 0) : 0;
  const largest = Math.max(...positions.map(Math.abs));
  const digits = step > 0 && largest > 0 ? powerOf(largest) - lastDigitOf(step) : 0;
  const shortens = largest >= 1e4 || largest < 1e-3;
  const isExponent = largest >= 1e9 || (largest > 0 && largest < 1e-9);
  if (digits > (shortens ? 3 : 5) && largest < 1e15 && largest >= 1e-9) return positions.map((at) => exact(at, step));
  if (isExponent) return positions.map((at) => (at === 0 ? '0' : formatExponent(at, digits)));
  return positions.map(formatTick);
}

function exact(value: number, step: number): string {
  const [whole = '', ...rest] = Math.abs(value)
    .toFixed(Math.max(0, -lastDigitOf(step)))
    .split('.');
  return `${value < 0 ? '−' : ''}${[formatCount(Number(whole)), ...rest].join('.')}`;
}

const labelled = (positions: readonly number[], labels: readonly string[]): Tick[] =>
  positions.map((at, index) => ({ at, label: labels[index] ?? '' }));

/** Places of a linear axis of numbers. */
export function numberTicks(range: Range, most: number): Tick[] {
  const positions = roundPositions(range, most);
  return labelled(positions, numberLabels(positions));
}

/** Places of an axis of steps: whole numbers, and thousands alike once there are ten of them. */
export function stepTicks(range: Range, most: number): Tick[] {
  const positions = roundPositions(range, most, 1);
  const labels = numberLabels(positions);
  const isLong = labels.some((label) => label.endsWith('k'));
  return labelled(
    positions,
    labels.map((label, index) => (isLong && /^\d000$/.test(label) ? `${(positions[index] ?? 0) / 1000}k` : label)),
  );
}

const LEAST_LABELS = 3;
/** Logarithmic axes of fewer decades than this are divided. */
const FEW_DECADES = 2.2;

/** Places of a logarithmic axis: decades; where there are few, their multiples by 1, 2 and 5; then more of them; then round numbers. */
export function logTicks([low, high]: Range, most: number): Tick[] {
  const [first, last] = [powerOf(low), powerOf(high)];
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const isWithin = (at: number) => at >= low * (1 - NEAR) && at <= high * (1 + NEAR);
  if (Math.log10(high) - Math.log10(low) >= FEW_DECADES) {
    const every = Math.max(1, Math.ceil((last - first) / most));
    const decades = powers.filter((power) => power % every === 0).map((power) => ({ power, at: Number(`1e${power}`) }));
    return decades.filter(({ at }) => isWithin(at)).map(({ power, at }) => ({ at, label: formatDecade(power) }));
  }
  for (const factors of [
    [1, 2, 5],
    [1, 2, 3, 5, 7],
  ]) {
    const positions = powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`))).filter(isWithin);
    if (positions.length >= LEAST_LABELS) return positions.map((at) => ({ at, label: formatExponent(at, 0) }));
  }
  const positions = roundPositions([low, high], most);
  const step = (positions[1] ?? 0) - (positions[0] ?? 0);
  return positions.map((at) => ({ at, label: formatExponent(at, step > 0 ? powerOf(at) - lastDigitOf(step) : 2) }));
}

/** Seconds since the epoch in a range at which clocks show a multiple of a step; those of an hour that is repeated twice. */
export function clockMultiples(range: Range, step: number, zone = shownZone()): number[] {
  const offsets = new Set([...range, ...multiples(range, step)].map(zone.offsetSeconds));
  const places = [...offsets].flatMap((offset) =>
    multiples([range[0] + offset, range[1] + offset], step)
      .map((wall) => wall - offset)
      .filter((at) => zone.offsetSeconds(at) === offset),
  );
  return places.sort((a, b) => a - b);
}

/** When clocks show it; an hour later where they skip it. @param wall - seconds since the epoch, were they clocks of UTC. */
function instantOf(wall: number, zone: Zone): number {
  return wall - zone.offsetSeconds(wall - zone.offsetSeconds(wall));
}

/** Places of an axis in seconds: since a start as a clock or in days, since the epoch at round times of day, days, months or years of a zone. */
export function timeTicks(axis: 'time' | 'timestamp', range: Range, most: number, zone = shownZone()): Tick[] {
  const positions = axis === 'time' ? elapsedPositions(range, most) : clockPositions(range, most, zone);
  return labelled(positions, axis === 'time' ? elapsedLabels(positions) : clockLabels(positions, zone));
}

const clockStep = (raw: number) => CLOCK_STEPS.find((seconds) => seconds >= raw * 0.999);

function elapsedPositions([low, high]: Range, most: number): number[] {
  const raw = (high - low) / most;
  if (raw <= 0.5) return roundPositions([low, high], most);
  const step = clockStep(raw);
  if (step !== undefined) return multiples([low, high], step);
  return roundPositions([low / DAY, high / DAY], most, 1).map((days) => days * DAY);
}

function clockPositions([low, high]: Range, most: number, zone: Zone): number[] {
  const raw = (high - low) / most;
  if (raw <= 0.5) return roundPositions([low, high], most);
  const step = clockStep(raw);
  if (step !== undefined) return clockMultiples([low, high], step, zone);
  const walls = [low, high].map((at) => at + zone.offsetSeconds(at)) as [number, number];
  const starts =
    raw < 7 * DAY
      ? roundPositions([walls[0] / DAY, walls[1] / DAY], most, 1).map((days) => days * DAY)
      : monthStarts(walls, raw / MONTH);
  return starts.map((wall) => instantOf(wall, zone)).filter((at) => at >= low && at <= high);
}

function monthStarts([low, high]: Range, raw: number): number[] {
  const step = MONTH_STEPS.find((months) => months >= raw * 0.99) ?? Math.ceil(raw / 1200) * 1200;
  const monthOf = (seconds: number) => {
    const date = new Date(seconds * 1000);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  const starts = multiples([monthOf(low), monthOf(high)], step);
  return starts.map((month) => Date.UTC(Math.floor(month / 12), month % 12) / 1000);
}

const distanceOf = (positions: readonly number[]) =>
  positions.length > 1 ? (positions[1] ?? 0) - (positions[0] ?? 0) : 1;
const digitsOf = (every: number) => Math.max(1, Math.ceil(-Math.log10(every) - NEAR));

function elapsedLabels(positions: readonly number[]): string[] {
  const every = distanceOf(positions);
  if (every < 1) return positions.map((seconds) => seconds.toFixed(digitsOf(every)));
  return positions.map((seconds) => (every >= DAY ? `${formatTick(seconds / DAY)} d` : formatElapsed(seconds)));
}

function clockLabels(positions: readonly number[], zone: Zone): string[] {
  const every = distanceOf(positions);
  if (every < 1) return positions.map((seconds) => `${(((seconds % 60) + 60) % 60).toFixed(digitsOf(every))} s`);
  const [from, to] = every >= LEAST_YEAR ? [0, 4] : every >= LEAST_MONTH ? [0, 7] : [5, 10];
  return positions.map((seconds) => {
    const wall = wallTime(seconds, zone);
    const isDay = every >= DAY || (every >= 60 && wall.startsWith('00:00:00', 11));
    return isDay ? wall.slice(from, to) : wall.slice(11, every % 60 === 0 ? 16 : 19);
  });
}

/** Places of an x axis. */
export function xTicks(axis: XAxis, range: Range, isLog: boolean, most: number): Tick[] {
  if (isLog) return logTicks(range, most);
  if (axis === 'step') return stepTicks(range, most);
  return axis === 'time' || axis === 'timestamp' ? timeTicks(axis, range, most) : numberTicks(range, most);
}

/** Places of a y axis. */
export const yTicks = (range: Range, isLog: boolean, most: number): Tick[] =>
  (isLog ? logTicks : numberTicks)(range, most);
