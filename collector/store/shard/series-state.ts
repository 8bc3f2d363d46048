import type { SeriesSummary, StoredSeries } from '../telemetry-store.ts';
import { SMALL_POINTS } from './chunk-merge.ts';
import type { StoredChunk } from './chunk-record.ts';
import type { ChunkSummary } from './chunk-summary.ts';
import { summarize } from './chunk-summary.ts';
import type { Head } from './head.ts';

/** A sealed chunk that is not in the table yet. */
export interface PendingChunk {
  readonly chunk: StoredChunk;
  readonly points: Buffer;
  /** Log sequence of the oldest request with a point in the chunk. */
  readonly firstSequence: number;
  /** True when it lies over others, or is the last of several small ones: something to merge. */
  readonly isUntidy: boolean;
}

/** What a shard holds in memory of one series. */
export class SeriesState {
  readonly series: StoredSeries;
  readonly runId: string;
  head: Head | undefined;
  pending: PendingChunk[] = [];
  /** False until the row of the series is in the table. */
  isStored: boolean;
  nextChunk = 0;
  /** Newest time of the series, in two words; a point that is later than it needs no look back. */
  lastLow = 0;
  lastHigh = 0;
  /** Newest time in a sealed chunk, and the longest span of one; −1 = none. */
  sealedUntil = -1n;
  longestChunkNano = 0n;
  /** Small chunks in a row at the end, since the last merge. */
  smallChunks = 0;
  /** Replay key: requests before `sequence` are in, and `sequencePoints` points of it. */
  sequence = 0;
  sequencePoints = 0;
  /** Points of request `sequence` that a replay still has to pass over. */
  replaySkip = 0;
  #sealed: ChunkSummary | undefined;
  /** What the summary was made of, and the summary. */
  #known:
    | { head: Head | undefined; count: number; sealed: ChunkSummary | undefined; summary: SeriesSummary }
    | undefined;

  constructor(series: StoredSeries, runId: string, chunks: readonly StoredChunk[], isStored: boolean) {
    this.series = series;
    this.runId = runId;
    this.isStored = isStored;
    for (const chunk of chunks) this.addSealed(chunk);
    const last = chunks.at(-1);
    if (last === undefined) return;
    this.sequence = last.sequence;
    this.sequencePoints = last.sequencePoints;
    this.replaySkip = last.sequencePoints;
    this.lastLow = Number(this.sealedUntil & 0xffff_ffffn);
    this.lastHigh = Number(this.sealedUntil >> 32n);
  }

  addSealed(chunk: StoredChunk): void {
    const { summary } = chunk;
    this.nextChunk = chunk.number + 1;
    this.smallChunks = summary.count < SMALL_POINTS ? this.smallChunks + 1 : 0;
    if (summary.lastTimeUnixNano > this.sealedUntil) this.sealedUntil = summary.lastTimeUnixNano;
    this.#seeSpan(summary);
    this.#sealed = this.#sealed === undefined ? summary : mergeSummaries(this.#sealed, summary);
  }

  /** Chunks of the table were merged into these: the points are the same. */
  merged(chunks: readonly StoredChunk[]): void {
    for (const { summary } of chunks) this.#seeSpan(summary);
    this.smallChunks = (chunks.at(-1)?.summary.count ?? SMALL_POINTS) < SMALL_POINTS ? 1 : 0;
  }

  /** Summary of all points, the same object until there is another point; undefined when there is none. */
  summary(): SeriesSummary | undefined {
    const { head } = this;
    const count = head?.count ?? 0;
    const known = this.#known;
    if (known !== undefined && known.head === head && known.count === count && known.sealed === this.#sealed)
      return known.summary;
    const summary = this.#summarize();
    this.#known = summary && { head, count, sealed: this.#sealed, summary };
    return summary;
  }

  #seeSpan({ firstTimeUnixNano, lastTimeUnixNano }: ChunkSummary): void {
    const span = lastTimeUnixNano - firstTimeUnixNano;
    if (span > this.longestChunkNano) this.longestChunkNano = span;
  }

  #summarize(): SeriesSummary | undefined {
    const head = this.head && summarize(this.head.words, this.head.doubles, this.head.first, this.head.count);
    const all =
      this.#sealed !== undefined && head !== undefined ? mergeSummaries(this.#sealed, head) : (this.#sealed ?? head);
    if (all === undefined) return undefined;
    return {
      series: this.series,
      count: all.count,
      min: all.min,
      max: all.max,
      sum: all.sum,
      nonFiniteCount: all.count - all.finiteCount,
      last: all.last,
      lastStep: all.lastStep,
      lastRunTime: all.lastRunTime,
      firstTimeUnixNano: all.firstTimeUnixNano,
      lastTimeUnixNano: all.lastTimeUnixNano,
    };
  }
}

/** Summary of the points of both; of equally late last points the one of `b` counts. */
export function mergeSummaries(a: ChunkSummary, b: ChunkSummary): ChunkSummary {
  const isMinInB = b.min < a.min || Number.isNaN(a.min);
  const isMaxInB = b.max > a.max || Number.isNaN(a.max);
  const last = b.lastTimeUnixNano >= a.lastTimeUnixNano ? b : a;
  return {
    count: a.count + b.count,
    firstTimeUnixNano: (a.firstTimeUnixNano > b.firstTimeUnixNano ? b : a).firstTimeUnixNano,
    lastTimeUnixNano: last.lastTimeUnixNano,
    finiteCount: a.finiteCount + b.finiteCount,
    min: isMinInB ? b.min : a.min,
    minPlace: isMinInB ? b.minPlace : a.minPlace,
    max: isMaxInB ? b.max : a.max,
    maxPlace: isMaxInB ? b.maxPlace : a.maxPlace,
    sum: a.sum + b.sum,
    last: last.last,
    lastStep: last.lastStep,
    lastRunTime: last.lastRunTime,
    stepLow: least(a.stepLow, b.stepLow),
    stepHigh: greatest(a.stepHigh, b.stepHigh),
    runTimeLow: least(a.runTimeLow, b.runTimeLow),
    runTimeHigh: greatest(a.runTimeHigh, b.runTimeHigh),
  };
}

function least(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a;
}

function greatest(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a;
}
