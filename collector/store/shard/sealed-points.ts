import { POINT_WORDS, type StagingBlock, TIME_HIGH, TIME_LOW } from '../../pipeline/staging.ts';
import { decodeChunk } from '../chunk/decode-chunk.ts';
import { unixNano } from '../chunk/point-columns.ts';
import { type ChunkCache, chunkHas } from './chunk-cache.ts';
import type { ChunkTable, ChunkTimes } from './chunk-table.ts';
import type { SeriesState } from './series-state.ts';

/** The sealed points of a series, asked for the points of one segment: the table is looked up once, a chunk is decoded once. */
export class SealedPoints {
  readonly #state: SeriesState;
  readonly #table: ChunkTable;
  readonly #cache: ChunkCache;
  readonly #block: StagingBlock;
  readonly #first: number;
  readonly #count: number;
  #stored: readonly ChunkTimes[] | undefined;

  constructor(
    state: SeriesState,
    table: ChunkTable,
    cache: ChunkCache,
    block: StagingBlock,
    first: number,
    count: number,
  ) {
    this.#state = state;
    this.#table = table;
    this.#cache = cache;
    this.#block = block;
    this.#first = first;
    this.#count = count;
  }

  /** True when a sealed chunk has the point at `index` of the block: time, value bits, step and run time. */
  has(index: number): boolean {
    const time = this.#timeOf(index);
    if (time > this.#state.sealedUntil) return false;
    const { words, doubles } = this.#block;
    const { id } = this.#state.series;
    // Chunks may be sealed while the segment is applied: these are looked at anew for each point.
    for (const { chunk, points } of this.#state.pending) {
      if (time < chunk.summary.firstTimeUnixNano || time > chunk.summary.lastTimeUnixNano) continue;
      if (
        chunkHas(
          this.#cache.get(id, chunk.number, () => decodeChunk(points)),
          words,
          doubles,
          index,
        )
      )
        return true;
    }
    this.#stored ??= this.#overlapping();
    for (const { number, firstTimeUnixNano, lastTimeUnixNano } of this.#stored) {
      if (time < firstTimeUnixNano || time > lastTimeUnixNano) continue;
      const columns = this.#cache.get(id, number, () => decodeChunk(this.#table.points(id, number)));
      if (chunkHas(columns, words, doubles, index)) return true;
    }
    return false;
  }

  #overlapping(): readonly ChunkTimes[] {
    const { series, isStored, longestChunkNano } = this.#state;
    if (!isStored) return [];
    let from = this.#timeOf(this.#first);
    let to = from;
    for (let i = 1; i < this.#count; i++) {
      const time = this.#timeOf(this.#first + i);
      if (time < from) from = time;
      if (time > to) to = time;
    }
    return this.#table.overlapping(series.id, from, to, longestChunkNano);
  }

  #timeOf(index: number): bigint {
    const at = index * POINT_WORDS;
    const { words } = this.#block;
    return unixNano(words[at + TIME_LOW] as number, words[at + TIME_HIGH] as number);
  }
}
