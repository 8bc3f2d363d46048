import type { StagingBlock } from '../../pipeline/staging.ts';
import { POINT_WORDS, TIME_HIGH, TIME_LOW } from '../../pipeline/staging.ts';
import {
  SEGMENT_BLOCK,
  SEGMENT_COUNT,
  SEGMENT_FIRST,
  SEGMENT_ORDERED,
  SEGMENT_SERIES,
  SEGMENT_WORDS,
} from '../../pipeline/telemetry-batch.ts';
import { encodeChunk } from '../chunk/encode-chunk.ts';
import { ChunkCache } from './chunk-cache.ts';
import { LEAST_SMALL } from './chunk-merge.ts';
import { summarize } from './chunk-summary.ts';
import type { ChunkTable } from './chunk-table.ts';
import { Head } from './head.ts';
import { PointHeap } from './point-heap.ts';
import { SealedPoints } from './sealed-points.ts';
import type { PendingChunk, SeriesState } from './series-state.ts';

/** Live bytes of a shard above which heads are sealed at 256, and at 64 points. */
const SMALL_HEADS_BYTES = 96 << 20;
const TINY_HEADS_BYTES = 256 << 20;
const CROWDED_BYTES = 384 << 20;
const CACHED_CHUNKS = 64;

/** Counters since the start of the shard. */
export interface WriterStatistics {
  points: number;
  duplicates: number;
  latePoints: number;
  /** Points of a run that was deleted while they were on their way. */
  deleted: number;
  chunks: number;
}

/** Puts points into heads, in place and once, and seals full heads into chunks. */
export class ShardWriter {
  readonly #chunks: ChunkTable;
  readonly #heap = new PointHeap();
  readonly #cache = new ChunkCache(CACHED_CHUNKS);
  readonly statistics: WriterStatistics = { points: 0, duplicates: 0, latePoints: 0, deleted: 0, chunks: 0 };
  /** Series with a head, in the order in which the heads began. */
  readonly withHead = new Set<SeriesState>();
  /** Series with sealed chunks that are not in the table yet. */
  readonly withPending = new Set<SeriesState>();
  pendingBytes = 0;

  constructor(chunks: ChunkTable) {
    this.#chunks = chunks;
  }

  /** Bytes of heads and of sealed chunks that are not in the table yet. */
  get liveBytes(): number {
    return this.#heap.liveBytes + this.pendingBytes;
  }

  /**
   * Applies the segments of one request.
   *
   * @param find - undefined for a series whose run was deleted while the request was on its way.
   */
  apply(
    segments: Int32Array,
    blocks: readonly StagingBlock[],
    find: (id: number) => SeriesState | undefined,
    sequence: number,
    logBytes: number,
  ): void {
    for (let i = 0; i < segments.length; i += SEGMENT_WORDS) {
      const state = find(segments[i + SEGMENT_SERIES] as number);
      const block = blocks[segments[i + SEGMENT_BLOCK] as number] as StagingBlock;
      let first = segments[i + SEGMENT_FIRST] as number;
      let count = segments[i + SEGMENT_COUNT] as number;
      if (state === undefined) {
        this.statistics.deleted += count;
        continue;
      }
      const skip = this.#replayed(state, sequence, count);
      first += skip;
      count -= skip;
      if (count === 0) continue;
      const isOrdered = segments[i + SEGMENT_ORDERED] === 1;
      if (isOrdered && this.#isLater(state, block.words, first)) {
        this.#append(state, block.words, first, count, sequence, logBytes);
      } else {
        this.#placeAll(state, block, first, count, sequence, logBytes);
      }
    }
  }

  /** Seals the head of a series, if it has one. */
  seal(state: SeriesState): void {
    const { head } = state;
    if (head === undefined) return;
    const { words, doubles, first, count } = head;
    const points = encodeChunk(words, doubles, first, count);
    const chunk = {
      number: state.nextChunk,
      summary: summarize(words, doubles, first, count),
      sequence: state.sequence,
      sequencePoints: state.sequencePoints,
    };
    const isLate = chunk.summary.firstTimeUnixNano < state.sealedUntil;
    state.addSealed(chunk);
    const isUntidy = isLate || state.smallChunks >= LEAST_SMALL;
    const pending: PendingChunk = { chunk, points, firstSequence: head.firstSequence, isUntidy };
    state.pending.push(pending);
    this.withPending.add(state);
    this.pendingBytes += points.length;
    this.statistics.chunks++;
    this.#dropHead(state);
  }

  /** Gives up what is held of a series that was deleted. */
  drop(state: SeriesState): void {
    this.#dropHead(state);
    for (const pending of state.pending) this.pendingBytes -= pending.points.length;
    state.pending = [];
    this.withPending.delete(state);
    this.chunksChanged();
  }

  /** Gives back some of the room that no head needs any more. */
  trim(): void {
    this.#heap.trim();
  }

  #dropHead(state: SeriesState): void {
    state.head?.release();
    state.head = undefined;
    this.withHead.delete(state);
  }

  /** Chunks of the table were deleted, or have other points now. */
  chunksChanged(): void {
    this.#cache.clear();
  }

  /** How many of the segment's points a replay passes over because their chunk is stored. */
  #replayed(state: SeriesState, sequence: number, count: number): number {
    if (sequence < state.sequence) return count;
    if (sequence > state.sequence) {
      state.sequence = sequence;
      state.sequencePoints = 0;
      state.replaySkip = 0;
      return 0;
    }
    const skip = Math.min(count, state.replaySkip);
    state.replaySkip -= skip;
    return skip;
  }

  #isLater(state: SeriesState, words: Uint32Array, index: number): boolean {
    const high = words[index * POINT_WORDS + TIME_HIGH] as number;
    return (
      high > state.lastHigh ||
      (high === state.lastHigh && (words[index * POINT_WORDS + TIME_LOW] as number) > state.lastLow)
    );
  }

  #append(state: SeriesState, words: Uint32Array, first: number, count: number, sequence: number, logBytes: number) {
    this.statistics.points += count;
    const last = (first + count - 1) * POINT_WORDS;
    state.lastLow = words[last + TIME_LOW] as number;
    state.lastHigh = words[last + TIME_HIGH] as number;
    let from = first;
    let rest = count;
    while (rest > 0) {
      const head = this.#headWithRoom(state, sequence, logBytes);
      const part = Math.min(rest, head.room);
      head.append(words, from, part);
      // Counted part by part: a chunk sealed within the request must know how much of the request it holds.
      state.sequencePoints += part;
      from += part;
      rest -= part;
    }
  }

  /** Points that may be late or repeated. */
  #placeAll(
    state: SeriesState,
    block: StagingBlock,
    first: number,
    count: number,
    sequence: number,
    logBytes: number,
  ): void {
    const sealed = new SealedPoints(state, this.#chunks, this.#cache, block, first, count);
    for (let index = first; index < first + count; index++) {
      if (this.#isLater(state, block.words, index)) {
        this.#append(state, block.words, index, 1, sequence, logBytes);
        continue;
      }
      if (state.head?.has(block.words, index) || sealed.has(index)) {
        this.statistics.duplicates++;
      } else {
        this.#headWithRoom(state, sequence, logBytes).insert(block.words, index);
        this.statistics.points++;
        this.statistics.latePoints++;
      }
      state.sequencePoints++;
    }
  }

  #headWithRoom(state: SeriesState, sequence: number, logBytes: number): Head {
    let { head } = state;
    if (head !== undefined && head.room === 0 && !head.grow(this.#maxHeadPoints)) {
      this.seal(state);
      head = undefined;
    }
    if (head === undefined) {
      head = new Head(this.#heap, sequence, logBytes);
      state.head = head;
      this.withHead.add(state);
    }
    return head;
  }

  /** True when heads take so much memory that even young ones must be sealed. */
  get isCrowded(): boolean {
    return this.#heap.liveBytes > CROWDED_BYTES;
  }

  get #maxHeadPoints(): number {
    const { liveBytes } = this.#heap;
    if (liveBytes > TINY_HEADS_BYTES) return 64;
    return liveBytes > SMALL_HEADS_BYTES ? 256 : 1024;
  }
}
