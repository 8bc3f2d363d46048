import { SimvueError } from 'simvue-otel/errors';
import { SequenceRanges } from '../pipeline/sequence-ranges.ts';
import type { SpanRecord } from '../pipeline/span.ts';
import { RUN_TIME, STEP, type StagingArena, TIME_HIGH, TIME_LOW, VALUE } from '../pipeline/staging.ts';
import type { EventRecord, SeriesDefinition, Temporality } from '../pipeline/telemetry.ts';
import {
  type DecodedRequest,
  Refusals,
  type ResourcePart,
  type Signal,
  type WriterReport,
} from '../pipeline/telemetry-batch.ts';
import type { DecodeLimits } from './decode-limits.ts';
import type { InternedResource } from './interned-resource.ts';
import type { PointAttributes } from './point-attributes.ts';
import { PointWriter } from './point-writer.ts';
import { REFUSAL } from './refusal-reasons.ts';
import { isResourceUse, ResourceUse } from './resource-use.ts';

/** A metric as a point names it. */
export interface MetricIdentity {
  readonly name: string;
  readonly unit: string;
  readonly temporality: Temporality;
}

/** Assembles one decoded request at a time: parts by resource, their points and events, and what was refused. */
export class RequestBuilder {
  readonly writer: PointWriter;
  readonly #arena: StagingArena;
  readonly #maxSpans: number;
  #refusals = new Refusals();
  #parts: ResourcePart[] = [];
  #resource: InternedResource | undefined;
  #events: EventRecord[] = [];
  #spans: SpanRecord[] = [];
  #spanBytes = 0;
  #allSpans = 0;
  #records = 0;
  #sequences = new SequenceRanges();
  #droppedAttributes = 0;
  #segmentStart = 0;
  #pointStart = 0;

  constructor(arena: StagingArena, limits: DecodeLimits) {
    this.#arena = arena;
    this.#maxSpans = limits.spansPerRequest;
    this.writer = new PointWriter(arena, limits.pointsPerRequest);
  }

  begin(): void {
    this.writer.begin();
    this.#refusals = new Refusals();
    this.#parts = [];
    this.#resource = undefined;
    this.#events = [];
    this.#spans = [];
    this.#spanBytes = 0;
    this.#allSpans = 0;
    this.#records = 0;
    this.#sequences = new SequenceRanges();
    this.#droppedAttributes = 0;
    this.#segmentStart = 0;
    this.#pointStart = 0;
  }

  /** What follows belongs to this resource; consecutive uses of the same one make one part. */
  startPart(resource: InternedResource): void {
    if (resource === this.#resource) return;
    this.#endPart();
    this.#resource = resource;
  }

  refuse(reason: string, count = 1): void {
    this.#refusals.add(reason, count);
  }

  /** A number that the writer gave to what it sent; NaN = none. */
  addSequence(sequence: number): void {
    if (sequence >= 0) this.#sequences.add(sequence);
  }

  /** Attributes that the writer's SDK dropped from a record. */
  addDropped(attributes: number): void {
    this.#droppedAttributes += attributes;
  }

  /** Adds one point of the part's resource, or refuses it. Times are words of time_unix_nano. */
  addPoint(
    metric: MetricIdentity,
    attributes: PointAttributes,
    timeLow: number,
    timeHigh: number,
    value: number,
  ): void {
    const problem = timeProblem(metric.name, timeLow, timeHigh);
    const resource = this.#resource;
    if (problem !== undefined || resource === undefined) {
      if (problem !== undefined) this.refuse(problem);
      return;
    }
    this.addSequence(attributes.sequence);
    const series = resource.seriesIndex(metric.name, attributes.labels, metric.unit, metric.temporality);
    this.addPointOf(series, timeLow, timeHigh, value, attributes.step, attributes.runTimeSeconds);
  }

  /** Adds one point of a series of the part's resource; its time has been looked at. NaN = no step, no run time. */
  addPointOf(
    series: number,
    timeLow: number,
    timeHigh: number,
    value: number,
    step: number,
    runTimeSeconds: number,
  ): void {
    const { writer } = this;
    const word = writer.reserve();
    writer.words[word + TIME_LOW] = timeLow;
    writer.words[word + TIME_HIGH] = timeHigh;
    writer.doubles[word / 2 + VALUE] = value;
    writer.doubles[word / 2 + STEP] = step;
    writer.doubles[word / 2 + RUN_TIME] = runTimeSeconds;
    writer.commit(series, timeLow, timeHigh);
  }

  addEvent(record: EventRecord): void {
    this.#events.push(record);
    this.#records++;
    this.writer.range.addNanos(record.timeUnixNano);
  }

  /** @param textBytes - of its texts. @throws SimvueError `SIMVUE_ERR_TOO_LARGE` when the request has too many spans. */
  addSpan(span: SpanRecord, textBytes: number): void {
    if (++this.#allSpans > this.#maxSpans) {
      throw new SimvueError('SIMVUE_ERR_TOO_LARGE', `request holds more than ${this.#maxSpans} spans: split it`);
    }
    this.#spans.push(span);
    this.#spanBytes += textBytes;
    this.#records++;
    this.writer.range.addNanos(span.startTimeUnixNano);
    this.writer.range.addNanos(span.endTimeUnixNano);
  }

  /** The request as it stands; holds a reference to each staging block until it is released. */
  finish(signal: Signal): DecodedRequest {
    this.#endPart();
    const { segments, blocks, points } = this.writer.finish();
    const arena = this.#arena;
    let held = true;
    return {
      signal,
      parts: this.#parts,
      segments,
      blocks,
      points,
      records: this.#records,
      refusals: this.#refusals,
      release() {
        if (held) for (const block of blocks) arena.release(block);
        held = false;
      },
    };
  }

  /** Forgets the request and gives its staging space back. */
  abort(): void {
    this.writer.abort();
  }

  #endPart(): void {
    const { writer } = this;
    writer.closeSegment();
    if (this.#resource?.tellsUse) this.#addUse(this.#resource);
    const points = writer.points - this.#pointStart;
    if (this.#resource !== undefined && points + this.#events.length + this.#spans.length > 0) {
      this.#parts.push({
        resource: this.#resource,
        segmentStart: this.#segmentStart,
        segmentCount: writer.segmentCount - this.#segmentStart,
        points,
        firstTimeUnixNano: writer.range.first,
        lastTimeUnixNano: writer.range.last,
        events: this.#events,
        spans: this.#spans,
        spanBytes: this.#spanBytes,
        writer: this.#writerReport(),
      });
    }
    this.#events = [];
    this.#spans = [];
    this.#spanBytes = 0;
    this.#sequences = new SequenceRanges();
    this.#droppedAttributes = 0;
    this.#segmentStart = writer.segmentCount;
    this.#pointStart = writer.points;
    writer.range.clear();
  }

  #writerReport(): WriterReport | undefined {
    const droppedAttributes = this.#droppedAttributes;
    if (this.#sequences.isEmpty && droppedAttributes === 0) return undefined;
    const { edges, givenUp } = this.#sequences;
    return { edges, givenUp, droppedAttributes };
  }

  /** Adds the part's use of resources under our names. */
  #addUse(resource: InternedResource): void {
    const { writer } = this;
    const use = new ResourceUse(resource.cpuRate);
    const definitionOf = (series: number): SeriesDefinition => resource.series[series] as SeriesDefinition;
    const isUse = (series: number): boolean => isResourceUse(definitionOf(series).name);
    for (const [series, low, high, value] of writer.written(this.#segmentStart, isUse)) {
      use.add(definitionOf(series), low, high, value);
    }
    for (const { name, unit, temporality, timeLow, timeHigh, value } of use.points()) {
      const series = resource.seriesIndex(name, [], unit, temporality);
      this.addPointOf(series, timeLow, timeHigh, value, Number.NaN, Number.NaN);
    }
    writer.closeSegment();
  }
}

/** Why a point of this time must be refused: the store keeps signed 64-bit nanoseconds, and 0 means unknown. */
export function timeProblem(name: string, low: number, high: number): string | undefined {
  if (low === 0 && high === 0) return REFUSAL.timeMissing(name);
  return high > 0x7fff_ffff ? REFUSAL.timeTooLate(name) : undefined;
}
