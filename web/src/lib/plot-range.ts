import { movedRange } from './axis.ts';

type Range = readonly [number, number];

const MOST_FACTOR = 1e6;
const place = (value: number, log: boolean) => (log ? Math.log10(value) : value);
const backFrom = (at: number, log: boolean) => (log ? 10 ** at : at);

/** A range made narrower (factor below 1) or wider around a value, which keeps its place. */
export function zoomedRange([low, high]: Range, around: number, factor: number, log: boolean): [number, number] {
  const centre = place(around, log);
  const end = (value: number) => backFrom(centre + (place(value, log) - centre) * factor, log);
  return [end(low), end(high)];
}

/** A finger on a plot: the value that it holds, and where it is, as a share of the width. */
export interface Finger {
  readonly value: number;
  readonly at: number;
}

/** The range that puts each of one or two fingers on the value that it holds; `range` is where they began. */
export function rangeUnder(range: Range, [one, two]: readonly Finger[], log: boolean): [number, number] {
  if (one === undefined) return [...range];
  const [low, high] = [place(range[0], log), place(range[1], log)];
  const [held, at] = [place(one.value, log), one.at];
  if (two === undefined) return movedRange(range, (held - low) / (high - low) - at, log);
  const apart = two.at - at;
  const asked = (place(two.value, log) - held) / (Math.sign(apart) * Math.max(Math.abs(apart), 1e-3));
  const span = Math.min((high - low) * MOST_FACTOR, Math.max((high - low) / MOST_FACTOR, asked));
  const from = held - at * span;
  return [backFrom(from, log), backFrom(from + span, log)];
}

/** How far a range has gone from another one, in shares of its length: moved or zoomed. */
export function distance(from: Range, to: Range, log: boolean): number {
  const span = place(from[1], log) - place(from[0], log);
  const ends = [0, 1].map((end) => Math.abs(place(to[end] ?? 0, log) - place(from[end] ?? 0, log)));
  return Math.max(...ends) / span;
}
