import type { LineColumn } from './chart-model.ts';

/** One line with its colours; all columns are as long as `x`. */
export interface PaintedLine {
  /** Ascending. */
  readonly x: Float64Array;
  readonly columns: readonly LineColumn[];
  readonly stroke: string;
  /** Of the raw line under a smoothed one. */
  readonly faint: string;
  readonly band: string;
  /** CSS pixels. */
  readonly dash: readonly number[];
}

/** What a rectangle of a canvas shows. */
export interface PaintedView {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Canvas pixels in a CSS pixel. */
  readonly ratio: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly logX: boolean;
  readonly log: boolean;
  /** True = the next frame follows at once: on a dense screen, too, many positions are lines of one of its pixels. */
  readonly isMoving?: boolean;
}

/** What is used of the context of a canvas. */
export interface LineCanvas {
  strokeStyle: unknown;
  fillStyle: unknown;
  lineWidth: number;
  lineJoin: string;
  save(): void;
  restore(): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  setLineDash(lengths: number[]): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  stroke(): void;
  fill(): void;
}

const LINE_PIXELS = 1.5;
/** A browser without a GPU draws lines of one pixel ten times as fast: where there are more positions than these, that counts. */
const MOST_WIDE_POSITIONS = 2000;
const DOT_PIXELS = 2.5;
/** A line of more positions than that is drawn by the first, least, greatest and last of each pixel. */
const MOST_A_PIXEL = 4;

/** Paints lines, each with its band. */
export function paintLines(c: LineCanvas, lines: readonly PaintedLine[], view: PaintedView): void {
  const { left, top, width, height, ratio } = view;
  const yAt = scale(view.y, view.log, top + height, -height);
  const xAt = scale(view.x, view.logX, left, width);
  c.save();
  c.beginPath();
  c.rect(left, top, width, height);
  c.clip();
  c.lineJoin = 'bevel';
  const parts = lines.map((line) => ({ ...line, part: within(line.x, view.x) }));
  const positions = parts.reduce((sum, { part: [first, end] }) => sum + end - first, 0);
  const isMany = positions > MOST_WIDE_POSITIONS;
  const lineWidth = isMany && view.isMoving ? 1 : (isMany ? 1 : LINE_PIXELS) * ratio;
  for (const {
    x,
    columns,
    stroke,
    faint,
    band,
    dash,
    part: [first, end],
  } of parts) {
    const places = x.subarray(first, end).map(xAt);
    const heights = (kind: LineColumn['kind']) =>
      columns
        .find((column) => column.kind === kind)
        ?.values.subarray(first, end)
        .map(yAt);
    const [high, low] = [heights('high'), heights('low')];
    if (high && low) {
      c.strokeStyle = band;
      c.lineWidth = 1;
      c.setLineDash([]);
      paintBand(c, view, places, high, low);
    }
    for (const [kind, colour] of [
      ['raw', faint],
      ['line', stroke],
      ['dots', stroke],
    ] as const) {
      const values = heights(kind);
      if (!values) continue;
      c.strokeStyle = colour;
      c.lineWidth = lineWidth;
      c.fillStyle = colour;
      c.setLineDash(dash.map((length) => length * ratio));
      if (kind === 'dots' || (kind === 'line' && isSparse(values))) paintDots(c, places, values, DOT_PIXELS * ratio);
      if (kind !== 'dots') paintLine(c, places, values, width);
    }
  }
  c.restore();
}

function scale([low, high]: readonly [number, number], log: boolean, start: number, length: number) {
  if (!log) return (value: number) => start + ((value - low) / (high - low)) * length;
  const decades = Math.log10(high / low);
  return (value: number) => start + (Math.log10(value / low) / decades) * length;
}

/** Positions in a range, and one on either side of it. */
function within(x: Float64Array, [low, high]: readonly [number, number]): [number, number] {
  const after = (limit: number) => {
    let [from, to] = [0, x.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((x[middle] as number) < limit) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return [Math.max(0, after(low) - 1), Math.min(x.length, after(high) + 1)];
}

/** A line of one pixel down each column of pixels in the view: no area has to be filled, which is slow. */
function paintBand(
  c: LineCanvas,
  { left, width }: PaintedView,
  x: Float64Array,
  high: Float64Array,
  low: Float64Array,
): void {
  const first = Math.floor(left);
  const columns = Math.ceil(width) + 1;
  const top = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const bottom = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  const cover = (column: number, from: number, to: number) => {
    top[column] = Math.min(top[column] ?? 0, from);
    bottom[column] = Math.max(bottom[column] ?? 0, to);
  };
  for (let index = 0; index < x.length; index += 1) {
    const [at, upper, lower] = [x[index] as number, high[index] as number, low[index] as number];
    if (Number.isNaN(upper)) continue;
    cover(Math.floor(at) - first, upper, lower);
    const before = x[index - 1] as number;
    const [upperBefore, lowerBefore] = [high[index - 1] as number, low[index - 1] as number];
    if (index === 0 || Number.isNaN(upperBefore)) continue;
    const end = Math.min(at, first + columns);
    for (let pixel = Math.max(first, Math.ceil(before - 0.5)); pixel + 0.5 < end; pixel += 1) {
      const share = (pixel + 0.5 - before) / (at - before);
      cover(pixel - first, upperBefore + share * (upper - upperBefore), lowerBefore + share * (lower - lowerBefore));
    }
  }
  c.beginPath();
  for (let column = 0; column < columns; column += 1) {
    if ((top[column] as number) > (bottom[column] as number)) continue;
    c.moveTo(first + column + 0.5, top[column] as number);
    c.lineTo(first + column + 0.5, bottom[column] as number);
  }
  c.stroke();
}

function paintLine(c: LineCanvas, x: Float64Array, y: Float64Array, width: number): void {
  c.beginPath();
  if (x.length > MOST_A_PIXEL * width) tracePixels(c, x, y);
  else trace(c, x, y);
  c.stroke();
}

function trace(c: LineCanvas, x: Float64Array, y: Float64Array): void {
  let isOpen = false;
  for (let index = 0; index < x.length; index += 1) {
    const value = y[index] as number;
    const exists = !Number.isNaN(value);
    if (exists && isOpen) c.lineTo(x[index] as number, value);
    else if (exists) c.moveTo(x[index] as number, value);
    isOpen = exists;
  }
}

function tracePixels(c: LineCanvas, x: Float64Array, y: Float64Array): void {
  let isOpen = false;
  for (let index = 0; index < x.length; ) {
    const pixel = Math.round(x[index] as number);
    let [least, greatest, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    for (; index < x.length && Math.round(x[index] as number) === pixel; index += 1) {
      const value = y[index] as number;
      if (Number.isNaN(value)) break;
      if (least > greatest && isOpen) c.lineTo(pixel, value);
      else if (least > greatest) c.moveTo(pixel, value);
      [least, greatest, last] = [Math.min(least, value), Math.max(greatest, value), value];
      isOpen = true;
    }
    if (least < greatest) for (const value of [least, greatest, last]) c.lineTo(pixel, value);
    if (Number.isNaN(y[index] as number)) {
      isOpen = false;
      index += 1;
    }
  }
}

function paintDots(c: LineCanvas, x: Float64Array, y: Float64Array, radius: number): void {
  c.beginPath();
  for (let index = 0; index < x.length; index += 1) {
    const value = y[index] as number;
    if (Number.isNaN(value)) continue;
    c.moveTo((x[index] as number) + radius, value);
    c.arc(x[index] as number, value, radius, 0, 7);
  }
  c.fill();
}

/** Whether there are so few values that some would not show without a dot. */
const isSparse = (values: Float64Array): boolean => values.filter((value) => !Number.isNaN(value)).length <= 2;
