import type { RunSpans } from '../store/span-store.ts';
import type { RunEvents, RunWriter, ShardCommit } from '../store/telemetry-store.ts';
import type { RunSeries } from './run-series.ts';
import { REFUSED_SERIES } from './run-series.ts';
import type { ResourcePart, WriterReport } from './telemetry-batch.ts';
import { SEGMENT_COUNT, SEGMENT_SERIES, SEGMENT_WORDS } from './telemetry-batch.ts';

/** A part of a request whose run is known. */
export interface BoundPart {
  readonly part: ResourcePart;
  readonly runId: string;
  readonly series: RunSeries;
  readonly shard: number;
  /** Records that are stored as events. */
  readonly events: RunEvents['records'];
}

/** What a request adds to each shard it touches; points of refused series are left out and counted. */
export class ShardBatches {
  readonly #segments = new Map<number, number[]>();
  readonly #events = new Map<number, RunEvents[]>();
  readonly #spans = new Map<number, RunSpans[]>();
  readonly #writers = new Map<number, RunWriter[]>();
  refusedPoints = 0;

  constructor(parts: readonly BoundPart[], segments: Int32Array) {
    for (const bound of parts) {
      if (bound.part.segmentCount > 0) this.#addSegments(bound, segments);
      if (bound.events.length > 0) this.#addEvents(bound);
      if (bound.part.spans.length > 0) this.#addSpans(bound);
      if (bound.part.writer !== undefined) this.#addWriter(bound, bound.part.writer);
    }
  }

  get shards(): ReadonlySet<number> {
    return new Set([...this.#segments.keys(), ...this.#events.keys(), ...this.#spans.keys(), ...this.#writers.keys()]);
  }

  commitOf(shard: number, sequence: number, logBytes: number): ShardCommit {
    return {
      sequence,
      logBytes,
      segments: Int32Array.from(this.#segments.get(shard) ?? []),
      events: this.#events.get(shard) ?? [],
      spans: this.#spans.get(shard) ?? [],
      writers: this.#writers.get(shard) ?? [],
    };
  }

  #addSegments(bound: BoundPart, segments: Int32Array): void {
    const { part } = bound;
    const target = this.#listOf(this.#segments, bound.shard);
    const { resource } = part;
    const ids = resource.binding?.runId === bound.runId ? resource.binding.seriesIds : [];
    const end = (part.segmentStart + part.segmentCount) * SEGMENT_WORDS;
    for (let i = part.segmentStart * SEGMENT_WORDS; i < end; i += SEGMENT_WORDS) {
      const local = segments[i + SEGMENT_SERIES] as number;
      let id = ids[local];
      if (id === undefined || id === REFUSED_SERIES) {
        const definition = resource.series[local];
        if (definition === undefined)
          throw new RangeError(`segment names series ${local} of ${resource.series.length}`);
        id = bound.series.idOf(definition, resource.instance);
        ids[local] = id;
      }
      if (id === REFUSED_SERIES) {
        this.refusedPoints += segments[i + SEGMENT_COUNT] as number;
        continue;
      }
      target.push(id);
      for (let word = 1; word < SEGMENT_WORDS; word++) target.push(segments[i + word] as number);
    }
  }

  #addEvents(bound: BoundPart): void {
    this.#listOf(this.#events, bound.shard).push({
      runId: bound.runId,
      instance: bound.part.resource.instance,
      records: bound.events,
    });
  }

  #addSpans({ shard, runId, part }: BoundPart): void {
    const { resource, spans, spanBytes } = part;
    this.#listOf(this.#spans, shard).push({ runId, instance: resource.instance, spans, textBytes: spanBytes });
  }

  #addWriter({ shard, runId, part }: BoundPart, report: WriterReport): void {
    this.#listOf(this.#writers, shard).push({ ...report, runId, instance: part.resource.instance });
  }

  #listOf<T>(map: Map<number, T[]>, shard: number): T[] {
    let list = map.get(shard);
    if (list === undefined) {
      list = [];
      map.set(shard, list);
    }
    return list;
  }
}
