import type { Aggregation } from './rule.ts';
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
