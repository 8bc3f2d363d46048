import type { PlotSeries } from '../telemetry-store.ts';

/** Some points that belong to one bucket; `min` and `max` are NaN when none is finite. */
export interface BucketPart {
  x0: number;
  x1: number;
  count: number;
  finiteCount: number;
  sum: number;
  min: number;
  minX: number;
  max: number;
  maxX: number;
}

/** Columns of a bucketed plot while they are filled. */
export class BucketColumns {
  readonly #x0: number[] = [];
  readonly #x1: number[] = [];
  readonly #count: number[] = [];
  readonly #sum: number[] = [];
  readonly #min: number[] = [];
  readonly #max: number[] = [];
  readonly #minX: number[] = [];
  readonly #maxX: number[] = [];
  readonly #nonFinite: number[] = [];
  #isOpen = false;

  /** The next {@link add} begins a bucket. */
  close(): void {
    this.#isOpen = false;
  }

  /** Adds points that were summarised to the last bucket, or begins one. */
  add(part: BucketPart): void {
    const last = this.#x0.length - 1;
    const nonFinite = part.count - part.finiteCount;
    if (!this.#isOpen) {
      this.#x0.push(part.x0);
      this.#x1.push(part.x1);
      this.#count.push(part.count);
      this.#sum.push(part.sum);
      this.#min.push(part.min);
      this.#minX.push(part.minX);
      this.#max.push(part.max);
      this.#maxX.push(part.maxX);
      this.#nonFinite.push(nonFinite);
      this.#isOpen = true;
      return;
    }
    this.#x1[last] = part.x1;
    this.#count[last] = (this.#count[last] as number) + part.count;
    this.#sum[last] = (this.#sum[last] as number) + part.sum;
    this.#nonFinite[last] = (this.#nonFinite[last] as number) + nonFinite;
    if (!(part.min >= (this.#min[last] as number)) && !Number.isNaN(part.min)) {
      this.#min[last] = part.min;
      this.#minX[last] = part.minX;
    }
    if (!(part.max <= (this.#max[last] as number)) && !Number.isNaN(part.max)) {
      this.#max[last] = part.max;
      this.#maxX[last] = part.maxX;
    }
  }

  /** The end of each bucket with the sum of all up to there. @param base - sum of what lies before. */
  totals(seriesId: number, base: number): PlotSeries {
    let total = base;
    const value = Float64Array.from(this.#sum, (sum) => {
      total += sum;
      return total;
    });
    return { seriesId, kind: 'points', total: value.length, x: Float64Array.from(this.#x1), value };
  }

  finish(seriesId: number): PlotSeries {
    const count = Float64Array.from(this.#count);
    const nonFinite = Float64Array.from(this.#nonFinite);
    return {
      seriesId,
      kind: 'buckets',
      total: count.reduce((sum, one) => sum + one, 0),
      x0: Float64Array.from(this.#x0),
      x1: Float64Array.from(this.#x1),
      count,
      mean: Float64Array.from(this.#sum, (sum, i) => sum / ((count[i] as number) - (nonFinite[i] as number))),
      min: Float64Array.from(this.#min),
      max: Float64Array.from(this.#max),
      minX: Float64Array.from(this.#minX),
      maxX: Float64Array.from(this.#maxX),
      nonFinite,
    };
  }
}

/** Buckets of equally many points over columns that ascend in x. */
export function bucketPoints(seriesId: number, x: Float64Array, value: Float64Array, buckets: number): PlotSeries {
  const columns = new BucketColumns();
  const total = x.length;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * total) / buckets);
    const to = Math.floor(((bucket + 1) * total) / buckets);
    if (to === from) continue;
    columns.close();
    columns.add(summarizeRange(x, value, from, to));
  }
  return columns.finish(seriesId);
}

function summarizeRange(x: Float64Array, value: Float64Array, from: number, to: number): BucketPart {
  let finiteCount = 0;
  let sum = 0;
  let min = Number.NaN;
  let max = Number.NaN;
  let minX = Number.NaN;
  let maxX = Number.NaN;
  for (let i = from; i < to; i++) {
    const one = value[i] as number;
    if (!Number.isFinite(one)) continue;
    finiteCount++;
    sum += one;
    if (!(one >= min)) {
      min = one;
      minX = x[i] as number;
    }
    if (!(one <= max)) {
      max = one;
      maxX = x[i] as number;
    }
  }
  return { x0: x[from] as number, x1: x[to - 1] as number, count: to - from, finiteCount, sum, min, max, minX, maxX };
}
