import type { PointBatch } from './point-batch.ts';
import { type Bounds, isBeyond } from './rule.ts';
import type { NumberReader, NumberWriter } from './saved-numbers.ts';
import { WindowTotal } from './window-total.ts';

const MAX_IDENTITIES = 512;

/** Doubles of a row; identities follow, two in a double. */
const TO = 0;
const FROM = 1;
const NEWEST = 2;
const COUNT = 3;
const NAN_COUNT = 4;
const INFINITE_COUNT = 5;
const BEYOND_COUNT = 6;
const SUM = 7;
const MIN = 8;
const MAX = 9;
const FIRST_NANO = 10;
const FIRST_VALUE = 11;
const LAST_NANO = 12;
const LAST_VALUE = 13;
const IDENTITIES = 16;
const ROW_DOUBLES = IDENTITIES + MAX_IDENTITIES / 2;

const ROWS_A_SLAB = 64;
/** Rows of series that appear together lie together, as their points come together. */
let slab = new Float64Array(0);
let slabWords = new Int32Array(0);
let slabUsed = 0;

/**
 * The cell of the last point of a series, and the identities of its last points: one that is delivered again is found among them.
 *
 * All that a usual point (newer than those before, in the same cell) touches is one row of memory: with thousands of series it is fetching
 * that takes the time.
 */
export class CurrentCell {
  readonly #row: Float64Array;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #bounds: Bounds | undefined;
  #identities = 0;
  /** Place of the next identity. */
  #next = 0;

  /** @param bounds - undefined = nobody asks which values lie beyond. */
  constructor(bounds: Bounds | undefined) {
    if (slabUsed === slab.length) {
      slab = new Float64Array(ROW_DOUBLES * ROWS_A_SLAB);
      slabWords = new Int32Array(slab.buffer);
      slabUsed = 0;
    }
    this.#row = slab;
    this.#words = slabWords;
    this.#at = slabUsed;
    slabUsed += ROW_DOUBLES;
    this.#bounds = bounds;
    this.#row[this.#at + NEWEST] = Number.NEGATIVE_INFINITY;
    this.close();
  }

  /** Newest time of a point that was taken. */
  get newestNano(): number {
    return this.#row[this.#at + NEWEST] as number;
  }

  holds(timeNano: number): boolean {
    return timeNano > (this.#row[this.#at + FROM] as number) && timeNano <= (this.#row[this.#at + TO] as number);
  }

  /** Begins an empty cell for times in (from, to]. */
  open(fromNano: number, toNano: number): void {
    const { at, row } = { at: this.#at, row: this.#row };
    row.fill(0, at + COUNT, at + IDENTITIES);
    row[at + FROM] = fromNano;
    row[at + TO] = toNano;
    row[at + MIN] = Number.POSITIVE_INFINITY;
    row[at + MAX] = Number.NEGATIVE_INFINITY;
    row[at + FIRST_NANO] = Number.POSITIVE_INFINITY;
    row[at + LAST_NANO] = Number.NEGATIVE_INFINITY;
  }

  /** Holds nothing until it is opened. */
  close(): void {
    this.open(0, Number.NEGATIVE_INFINITY);
  }

  /** Whether an identity is among the last ones. */
  knows(identity: number): boolean {
    const words = this.#words;
    const first = (this.#at + IDENTITIES) * 2;
    const end = first + this.#identities;
    for (let i = first; i < end; i++) if (words[i] === identity) return true;
    return false;
  }

  /**
   * Takes a point that lies in the cell, and those after it that do too and are newer than all before.
   *
   * @returns place of the first one that was not taken.
   */
  take(points: PointBatch, from: number): number {
    const row = this.#row;
    const at = this.#at;
    const end = this.#endOf(points, from);
    row[at + NEWEST] = Math.max(row[at + NEWEST] as number, points.timeNano(end - 1));
    row[at + COUNT] = (row[at + COUNT] as number) + end - from;
    this.#sum(points, from, end);
    this.#remember(points, from, end);
    return end;
  }

  #endOf(points: PointBatch, from: number): number {
    const row = this.#row;
    const { count } = points;
    const toNano = row[this.#at + TO] as number;
    const first = points.timeNano(from);
    let newest = row[this.#at + NEWEST] as number;
    if (points.isOrdered && first >= newest && points.timeNano(count - 1) <= toNano) return count;
    if (first > newest) newest = first;
    let end = from + 1;
    for (; end < count; end++) {
      const time = points.timeNano(end);
      if (time <= newest || time > toNano) break;
      newest = time;
    }
    return end;
  }

  /** What the cell holds. */
  get total(): WindowTotal {
    const row = this.#row;
    const at = this.#at;
    const total = new WindowTotal();
    total.count = row[at + COUNT] as number;
    total.nanCount = row[at + NAN_COUNT] as number;
    total.infiniteCount = row[at + INFINITE_COUNT] as number;
    total.beyondCount = row[at + BEYOND_COUNT] as number;
    total.sum = row[at + SUM] as number;
    total.min = row[at + MIN] as number;
    total.max = row[at + MAX] as number;
    total.firstNano = row[at + FIRST_NANO] as number;
    total.firstValue = row[at + FIRST_VALUE] as number;
    total.lastNano = row[at + LAST_NANO] as number;
    total.lastValue = row[at + LAST_VALUE] as number;
    return total;
  }

  #sum(points: PointBatch, from: number, end: number): void {
    const row = this.#row;
    const at = this.#at;
    const bounds = this.#bounds;
    let sum = row[at + SUM] as number;
    let min = row[at + MIN] as number;
    let max = row[at + MAX] as number;
    let first = -1;
    let last = -1;
    for (let i = from; i < end; i++) {
      const one = points.value(i);
      if (bounds !== undefined && isBeyond(bounds, one)) this.#count(BEYOND_COUNT);
      if (!Number.isFinite(one)) {
        this.#count(Number.isNaN(one) ? NAN_COUNT : INFINITE_COUNT);
        continue;
      }
      sum += one;
      if (one < min) min = one;
      if (one > max) max = one;
      if (first < 0) first = i;
      last = i;
    }
    if (first < 0) return;
    row[at + SUM] = sum;
    row[at + MIN] = min;
    row[at + MAX] = max;
    this.#extend(points.timeNano(first), points.value(first));
    this.#extend(points.timeNano(last), points.value(last));
  }

  #count(field: number): void {
    this.#row[this.#at + field] = (this.#row[this.#at + field] as number) + 1;
  }

  /** Of points at the same time the least value is the first and the greatest the last, whatever the order they come in. */
  #extend(time: number, value: number): void {
    const row = this.#row;
    const at = this.#at;
    const first = row[at + FIRST_NANO] as number;
    const last = row[at + LAST_NANO] as number;
    if (time < first || (time === first && value < (row[at + FIRST_VALUE] as number))) {
      row[at + FIRST_NANO] = time;
      row[at + FIRST_VALUE] = value;
    }
    if (time > last || (time === last && value > (row[at + LAST_VALUE] as number))) {
      row[at + LAST_NANO] = time;
      row[at + LAST_VALUE] = value;
    }
  }

  #remember(points: PointBatch, from: number, end: number): void {
    const words = this.#words;
    const first = (this.#at + IDENTITIES) * 2;
    let next = this.#next;
    for (let i = from; i < end; i++) {
      words[first + next] = points.identity(i);
      next = (next + 1) & (MAX_IDENTITIES - 1);
    }
    this.#next = next;
    this.#identities = Math.min(MAX_IDENTITIES, this.#identities + end - from);
  }

  /** Writes its identities; the cell must be closed. */
  save(writer: NumberWriter): void {
    const first = (this.#at + IDENTITIES) * 2;
    writer.put(this.newestNano, this.#next, this.#identities);
    writer.putWords(this.#words.subarray(first, first + this.#identities));
  }

  restore(reader: NumberReader): void {
    this.#row[this.#at + NEWEST] = reader.next();
    this.#next = reader.next();
    this.#identities = reader.next();
    this.#words.set(reader.words(this.#identities), (this.#at + IDENTITIES) * 2);
  }
}
