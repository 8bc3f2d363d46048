import { decodeChunk } from '../chunk/decode-chunk.ts';
import { encodeChunk } from '../chunk/encode-chunk.ts';
import { FreePages } from '../free-pages.ts';
import type { Database, Statement } from '../sqlite-database.ts';
import { chunksToMerge, MERGED_POINTS, mergePoints } from './chunk-merge.ts';
import type { StoredChunk } from './chunk-record.ts';
import { summarize } from './chunk-summary.ts';
import type { ChunkTable } from './chunk-table.ts';
import type { SeriesState } from './series-state.ts';

/** Series of an earlier process that are looked at in one step. */
const SERIES_A_STEP = 50;
/** Series whose chunks are looked at in one step. */
const LOOKS_A_STEP = 8;
const PAGES_A_STEP = 256;

export interface CompactionParts {
  readonly database: Database;
  readonly chunks: ChunkTable;
  /** State of a series that is in memory. */
  readonly held: (series: number) => SeriesState | undefined;
  /** Chunks of the table have other points now. */
  readonly onMerged: () => void;
}

/** Merges small and late chunks of the table, a few at a time; each merge is one transaction, which readers and a replay do not notice. */
export class Compaction {
  readonly #parts: CompactionParts;
  readonly #seriesAfter: Statement;
  readonly #freePages: FreePages;
  readonly #waiting = new Set<number>();
  /** Series up to this one were looked at; undefined = all that were there at the start. */
  #looked: number | undefined = 0;
  /** Chunks that went into others. */
  mergedChunks = 0;

  constructor(parts: CompactionParts) {
    const { database } = parts;
    this.#parts = parts;
    this.#seriesAfter = database.prepare('SELECT id FROM series WHERE id > ? ORDER BY id LIMIT ?');
    this.#freePages = new FreePages(database, PAGES_A_STEP);
  }

  /** The series has several small chunks, or a late one, in the table. */
  stored(series: number): void {
    this.#waiting.add(series);
  }

  forget(series: number): void {
    this.#waiting.delete(series);
  }

  /**
   * One merge, or a look at some series.
   *
   * @returns true when there may be more to do.
   * @throws SimvueError `SIMVUE_ERR_DISK` when there is no room: everything is as it was.
   */
  step(): boolean {
    let looks = 0;
    for (const series of this.#waiting) {
      if (looks++ === LOOKS_A_STEP) return true;
      const group = chunksToMerge(this.#parts.chunks.ofSeries(series));
      if (group !== undefined) {
        this.#merge(series, group);
        return true;
      }
      this.#waiting.delete(series);
    }
    if (this.#looked === undefined) return false;
    const next = this.#seriesAfter.all(this.#looked, SERIES_A_STEP).map((row) => Number(row['id']));
    for (const series of next) this.#waiting.add(series);
    this.#looked = next.at(-1);
    return next.length > 0;
  }

  /** Gives a bounded number of free pages back. @returns true when there are more. */
  shrink(): boolean {
    return this.#freePages.giveBack();
  }

  #merge(series: number, group: readonly StoredChunk[]): void {
    const { database, chunks, held, onMerged } = this.#parts;
    const { words, doubles, count } = mergePoints(
      group.map(({ number }) => decodeChunk(chunks.points(series, number))),
    );
    const [first, last] = [group[0] as StoredChunk, group.at(-1) as StoredChunk];
    const length = Math.ceil(count / MERGED_POINTS);
    const merged = Array.from({ length }, (_, index) => {
      const from = index * MERGED_POINTS;
      const points = Math.min(MERGED_POINTS, count - from);
      const summary = summarize(words, doubles, from, points);
      // The newest chunk keeps its number, and with it what a replay must know.
      const number = index === length - 1 ? last.number : first.number + index;
      const chunk: StoredChunk = { ...last, number, summary };
      return { chunk, points: encodeChunk(words, doubles, from, points) };
    });
    database.transaction(() => {
      for (const { number } of group) chunks.delete(series, number);
      for (const { chunk, points } of merged) chunks.insert(series, chunk, points);
    });
    this.mergedChunks += group.length;
    held(series)?.merged(merged.map(({ chunk }) => chunk));
    onMerged();
  }
}
