import type { PointBatch } from './point-batch.ts';
import { type Aggregation, type Bounds, isBeyond } from './rule.ts';
import type { NumberReader, NumberWriter } from './saved-numbers.ts';

const NANOS_PER_MINUTE = 60e9;
const FIELDS = [
  'count',
  'nanCount',
  'infiniteCount',
  'beyondCount',
  'sum',
  'min',
  'max',
  'firstNano',
  'firstValue',
  'lastNano',
  'lastValue',
] as const;

/** What is kept of the points of a stretch of time. NaN and infinite values are only counted. */
export class WindowTotal {
  count = 0;
  nanCount = 0;
  infiniteCount = 0;
  /** Values beyond the bounds of the rule, infinite ones too. */
  beyondCount = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  firstNano = Number.POSITIVE_INFINITY;
  firstValue = Number.NaN;
  lastNano = Number.NEGATIVE_INFINITY;
  lastValue = Number.NaN;

  save(writer: NumberWriter): void {
    for (const field of FIELDS) writer.put(this[field]);
  }

  static restore(reader: NumberReader): WindowTotal {
    const total = new WindowTotal();
    for (const field of FIELDS) total[field] = reader.next();
    return total;
  }

  /**
   * Takes the points from one place to before another, whose times rise.
   *
   * @param bounds - undefined = nobody asks which values lie beyond.
   */
  add({ timeNano, value }: PointBatch, from: number, end: number, bounds: Bounds | undefined): void {
    let { sum, min, max } = this;
    let first = -1;
    let last = -1;
    for (let i = from; i < end; i++) {
      const one = value[i] as number;
      if (bounds !== undefined && isBeyond(bounds, one)) this.beyondCount++;
      if (!Number.isFinite(one)) {
        if (Number.isNaN(one)) this.nanCount++;
        else this.infiniteCount++;
        continue;
      }
      sum += one;
      if (one < min) min = one;
      if (one > max) max = one;
      if (first < 0) first = i;
      last = i;
    }
    this.count += end - from;
    if (first < 0) return;
    this.sum = sum;
    this.min = min;
    this.max = max;
    this.#extend(timeNano[first] as number, value[first] as number);
    this.#extend(timeNano[last] as number, value[last] as number);
  }

  merge(other: WindowTotal | undefined): void {
    if (other === undefined) return;
    this.count += other.count;
    this.nanCount += other.nanCount;
    this.infiniteCount += other.infiniteCount;
    this.beyondCount += other.beyondCount;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    if (other.count === other.nonFiniteCount) return;
    this.#extend(other.firstNano, other.firstValue);
    this.#extend(other.lastNano, other.lastValue);
  }

  get nonFiniteCount(): number {
    return this.nanCount + this.infiniteCount;
  }

  /** The aggregate; of `at least one` and `all` the share of values beyond the bounds. Undefined = no data. */
  value(aggregation: Aggregation): number | undefined {
    const finite = this.count - this.nonFiniteCount;
    switch (aggregation) {
      case 'average':
        return finite === 0 ? undefined : this.sum / finite;
      case 'sum':
        return finite === 0 ? undefined : this.sum;
      case 'at least one':
      case 'all':
        return this.count === this.nanCount ? undefined : this.beyondCount / (this.count - this.nanCount);
      case 'rate of change': {
        const minutes = (this.lastNano - this.firstNano) / NANOS_PER_MINUTE;
        return finite < 2 || minutes === 0 ? undefined : (this.lastValue - this.firstValue) / minutes;
      }
      case 'spread':
        return finite < 2 ? undefined : this.max - this.min;
    }
  }

  /** Of points at the same time the least value is the first and the greatest the last, whatever the order they come in. */
  #extend(timeNano: number, value: number): void {
    if (timeNano < this.firstNano || (timeNano === this.firstNano && value < this.firstValue)) {
      this.firstNano = timeNano;
      this.firstValue = value;
    }
    if (timeNano > this.lastNano || (timeNano === this.lastNano && value > this.lastValue)) {
      this.lastNano = timeNano;
      this.lastValue = value;
    }
  }
}
