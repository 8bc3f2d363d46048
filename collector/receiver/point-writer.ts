import { SimvueError } from 'simvue-otel/errors';
import {
  POINT_DOUBLES,
  POINT_WORDS,
  type StagingArena,
  type StagingBlock,
  TIME_HIGH,
  TIME_LOW,
  VALUE,
} from '../pipeline/staging.ts';
import {
  SEGMENT_BLOCK,
  SEGMENT_COUNT,
  SEGMENT_FIRST,
  SEGMENT_ORDERED,
  SEGMENT_SERIES,
  SEGMENT_WORDS,
} from '../pipeline/telemetry-batch.ts';
import { TimeRange } from './time-range.ts';

/**
 * Writes the points of one request at a time into the staging arena and groups them into segments.
 *
 * A point is written at `reserve()` into `words` and `doubles`, then kept with `commit()`; without a commit the place is used again.
 */
export class PointWriter {
  readonly #arena: StagingArena;
  readonly #maxPoints: number;
  readonly range = new TimeRange();
  words: Uint32Array;
  doubles: Float64Array;
  #block: StagingBlock;
  #next = 0;
  #capacity = 0;
  #segments = new Int32Array(SEGMENT_WORDS * 64);
  #segmentCount = 0;
  #series = -1;
  #first = 0;
  #ordered = 1;
  #previousLow = 0;
  #previousHigh = 0;
  #pointsInFullBlocks = 0;
  #startOffset = 0;
  #startBlock: StagingBlock;
  #retained: number[] = [];

  constructor(arena: StagingArena, maxPoints: number) {
    this.#arena = arena;
    this.#maxPoints = maxPoints;
    this.#block = arena.current;
    this.#startBlock = this.#block;
    this.words = this.#block.words;
    this.doubles = this.#block.doubles;
  }

  /** Starts a request at the place where the arena stands. */
  begin(): void {
    this.#use(this.#arena.current);
    this.#startBlock = this.#block;
    this.#next = this.#arena.used;
    this.#startOffset = this.#next;
    this.#pointsInFullBlocks = -this.#next;
    this.#segmentCount = 0;
    this.#series = -1;
    this.#retained = [];
    this.range.clear();
  }

  get segmentCount(): number {
    return this.#segmentCount;
  }

  /** Points kept since {@link begin}. */
  get points(): number {
    return this.#pointsInFullBlocks + this.#next;
  }

  /**
   * Makes room for one point.
   *
   * @returns its first word; a half of it is its first double.
   * @throws SimvueError `SIMVUE_ERR_OVERLOADED` when every block is in use, `SIMVUE_ERR_TOO_LARGE` when the request has too many points.
   */
  reserve(): number {
    if (this.#next === this.#capacity) this.#nextBlock();
    return this.#next * POINT_WORDS;
  }

  /** Keeps the reserved point as one of `series`. */
  commit(series: number, timeLow: number, timeHigh: number): void {
    if (series !== this.#series) this.#open(series);
    else if (timeHigh < this.#previousHigh || (timeHigh === this.#previousHigh && timeLow <= this.#previousLow)) {
      this.#ordered = 0;
    }
    this.#previousLow = timeLow;
    this.#previousHigh = timeHigh;
    this.#next++;
  }

  /** Ends the open segment: the next point starts a new one. */
  closeSegment(): void {
    const count = this.#next - this.#first;
    if (this.#series < 0) return;
    const at = this.#segmentCount++ * SEGMENT_WORDS;
    if (at + SEGMENT_WORDS > this.#segments.length) {
      const grown = new Int32Array(2 * this.#segments.length);
      grown.set(this.#segments);
      this.#segments = grown;
    }
    this.#segments[at + SEGMENT_SERIES] = this.#series;
    this.#segments[at + SEGMENT_BLOCK] = this.#block.index;
    this.#segments[at + SEGMENT_FIRST] = this.#first;
    this.#segments[at + SEGMENT_COUNT] = count;
    this.#segments[at + SEGMENT_ORDERED] = this.#ordered;
    this.#addTimes(this.#first, count);
    this.#series = -1;
  }

  /** Reads back the points of the series that are wanted, from segment `from` on; the last one must be closed. */
  *written(
    from: number,
    isWanted: (series: number) => boolean,
  ): Generator<readonly [series: number, timeLow: number, timeHigh: number, value: number]> {
    for (let at = from * SEGMENT_WORDS; at < this.#segmentCount * SEGMENT_WORDS; at += SEGMENT_WORDS) {
      const series = this.#segments[at + SEGMENT_SERIES] as number;
      if (!isWanted(series)) continue;
      const { words, doubles } = this.#arena.block(this.#segments[at + SEGMENT_BLOCK] as number);
      const first = this.#segments[at + SEGMENT_FIRST] as number;
      const end = first + (this.#segments[at + SEGMENT_COUNT] as number);
      for (let point = first; point < end; point++) {
        const word = point * POINT_WORDS;
        const value = doubles[point * POINT_DOUBLES + VALUE] as number;
        yield [series, words[word + TIME_LOW] as number, words[word + TIME_HIGH] as number, value];
      }
    }
  }

  /** Hands over what was written: a copy of the segments, and the blocks, each retained once. */
  finish(): { segments: Int32Array; blocks: number[]; points: number } {
    this.closeSegment();
    this.#checkSize();
    this.#arena.used = this.#next;
    const segments = this.#segments.slice(0, this.#segmentCount * SEGMENT_WORDS);
    return { segments, blocks: this.#retained, points: this.points };
  }

  /** Gives everything back: nothing of the request stays in the arena. */
  abort(): void {
    this.#series = -1;
    this.#arena.used = this.#block === this.#startBlock ? this.#startOffset : 0;
    for (const block of this.#retained) this.#arena.release(block);
  }

  #open(series: number): void {
    this.closeSegment();
    if (this.#retained.at(-1) !== this.#block.index) {
      this.#arena.retain(this.#block.index);
      this.#retained.push(this.#block.index);
    }
    this.#series = series;
    this.#first = this.#next;
    this.#ordered = 1;
  }

  #nextBlock(): void {
    this.closeSegment();
    this.#checkSize();
    this.#arena.used = this.#next;
    const block = this.#arena.next();
    if (block === undefined) throw new SimvueError('SIMVUE_ERR_OVERLOADED', 'points wait for the store: retry later');
    this.#pointsInFullBlocks += this.#next;
    this.#use(block);
    this.#next = 0;
  }

  #checkSize(): void {
    if (this.points > this.#maxPoints) {
      throw new SimvueError('SIMVUE_ERR_TOO_LARGE', `request holds more than ${this.#maxPoints} points: split it`);
    }
  }

  #use(block: StagingBlock): void {
    this.#block = block;
    this.words = block.words;
    this.doubles = block.doubles;
    this.#capacity = block.capacity;
  }

  #addTimes(first: number, count: number): void {
    const step = this.#ordered === 1 && count > 1 ? count - 1 : 1;
    for (let point = first; point < first + count; point += step) {
      const word = point * POINT_WORDS;
      this.range.add(this.words[word + TIME_LOW] as number, this.words[word + TIME_HIGH] as number);
    }
  }
}
