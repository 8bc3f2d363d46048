import { BucketColumns, type BucketPart } from './plot-buckets.ts';
import type { PlotSource } from './plot-sources.ts';

/**
 * Buckets from the summaries of whole chunks. Only chunks that reach out of the range or that lie over others (late points) are read,
 * and their points go into the bucket they fall in.
 *
 * @param sources - those with a point in the range.
 * @returns undefined when the summaries alone are too coarse for the picture.
 */
export function bucketSummaries(
  sources: readonly PlotSource[],
  from: number,
  to: number,
  maxPoints: number,
): BucketColumns | undefined {
  if (sources.length < maxPoints / 2) return undefined;
  const { whole, others } = withoutOverlap(sources, from, to);
  if (whole.length < maxPoints / 2) return undefined;
  const parts = whole.map(partOf);
  for (const source of others) addPoints(parts, source, from, to);
  return mergeParts(parts, maxPoints);
}

/** As many sources as possible that lie in the range without overlapping, ascending; and the others. */
function withoutOverlap(sources: readonly PlotSource[], from: number, to: number) {
  const whole: PlotSource[] = [];
  const others: PlotSource[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const source of [...sources].sort((a, b) => a.high - b.high || a.low - b.low)) {
    const isWhole = source.low >= from && source.high <= to && source.low >= end;
    if (isWhole) end = source.high;
    (isWhole ? whole : others).push(source);
  }
  return { whole, others };
}

function partOf(source: PlotSource): BucketPart {
  const { count, finiteCount, sum, min, max } = source.summary;
  const minX = source.place('minPlace');
  const maxX = source.place('maxPlace');
  return { x0: source.low, x1: source.high, count, finiteCount, sum, min, minX, max, maxX };
}

function addPoints(parts: BucketPart[], source: PlotSource, from: number, to: number): void {
  const { x, value } = source.read();
  for (let i = 0; i < x.length; i++) {
    const at = x[i] as number;
    if (at >= from && at <= to) addPoint(parts[partAt(parts, at)] as BucketPart, at, value[i] as number);
  }
}

/** The first part that ends at or behind x, else the last one. */
function partAt(parts: readonly BucketPart[], x: number): number {
  let least = 0;
  let most = parts.length - 1;
  while (least < most) {
    const middle = (least + most) >>> 1;
    if ((parts[middle] as BucketPart).x1 < x) least = middle + 1;
    else most = middle;
  }
  return least;
}

function addPoint(part: BucketPart, x: number, value: number): void {
  if (x < part.x0) part.x0 = x;
  if (x > part.x1) part.x1 = x;
  part.count++;
  if (!Number.isFinite(value)) return;
  part.finiteCount++;
  part.sum += value;
  if (!(value >= part.min)) {
    part.min = value;
    part.minX = x;
  }
  if (!(value <= part.max)) {
    part.max = value;
    part.maxX = x;
  }
}

function mergeParts(parts: readonly BucketPart[], maxPoints: number): BucketColumns {
  const columns = new BucketColumns();
  const perBucket = Math.ceil(parts.length / maxPoints);
  for (const [index, part] of parts.entries()) {
    if (index % perBucket === 0) columns.close();
    columns.add(part);
  }
  return columns;
}
