import { DistributionPoints } from './distribution-points.ts';
import { type InternedResource, temporalityOf, type WireMetric } from './interned-resource.ts';
import { NumberPoints } from './number-points.ts';
import { metricNameProblem } from './point-attributes.ts';
import type { ProtobufDecoding } from './protobuf-decoding.ts';
import { REFUSAL } from './refusal-reasons.ts';

/** Field keys of `Metric.data`. */
const GAUGE = 42;
const SUM = 58;
const HISTOGRAM = 74;
const EXPONENTIAL_HISTOGRAM = 82;
const SUMMARY = 90;

/** Decodes the `Metric` messages of an OTLP request. */
export class MetricsProtobuf {
  readonly #decoding: ProtobufDecoding;
  readonly #numbers: NumberPoints;
  readonly #distributions: DistributionPoints;

  constructor(decoding: ProtobufDecoding) {
    this.#decoding = decoding;
    this.#numbers = new NumberPoints(decoding);
    this.#distributions = new DistributionPoints(decoding);
  }

  /** Decodes the `Metric` that starts at the reader's position. */
  decode(end: number, resource: InternedResource): void {
    const { reader, builder } = this.#decoding;
    let nameStart = 0;
    let nameEnd = 0;
    let unitStart = 0;
    let unitEnd = 0;
    let kind = 0;
    let dataStart = 0;
    let dataEnd = 0;
    while (reader.position < end) {
      const tag = reader.tag();
      switch (tag) {
        case 10:
          nameEnd = reader.fieldEnd(end);
          nameStart = reader.position;
          reader.position = nameEnd;
          break;
        case 26:
          unitEnd = reader.fieldEnd(end);
          unitStart = reader.position;
          reader.position = unitEnd;
          break;
        case GAUGE:
        case SUM:
        case HISTOGRAM:
        case EXPONENTIAL_HISTOGRAM:
        case SUMMARY:
          kind = tag;
          dataEnd = reader.fieldEnd(end);
          dataStart = reader.position;
          reader.position = dataEnd;
          break;
        default:
          reader.skip(tag, end);
      }
    }
    if (kind === 0) return;
    const metric = this.#metric(resource, nameStart, nameEnd);
    if (typeof metric === 'string') builder.refuse(metric, this.#scan(dataStart, dataEnd).points);
    else {
      const unit = () => reader.bytes.toString('utf8', unitStart, unitEnd);
      this.#decodeData(kind, dataStart, dataEnd, resource, metric, unit);
    }
    reader.position = end;
  }

  #decodeData(
    kind: number,
    start: number,
    end: number,
    resource: InternedResource,
    metric: WireMetric,
    unit: () => string,
  ): void {
    const { reader, builder } = this.#decoding;
    if (kind === GAUGE) {
      this.#numbers.decode(start, end, resource, metric, unit, 'gauge');
      return;
    }
    if (kind === SUMMARY) {
      reader.position = start;
      this.#distributions.decodeSummaries(end, metric.name, unit());
      return;
    }
    const { points, aggregationTemporality } = this.#scan(start, end);
    const temporality = temporalityOf(aggregationTemporality);
    if (temporality === undefined) builder.refuse(REFUSAL.temporality(metric.name), points);
    else if (kind === SUM) this.#numbers.decode(start, end, resource, metric, unit, temporality);
    else {
      reader.position = start;
      const exponential = kind === EXPONENTIAL_HISTOGRAM;
      this.#distributions.decodeHistograms(end, { name: metric.name, unit: unit(), temporality }, exponential);
    }
  }

  #metric(resource: InternedResource, start: number, end: number): WireMetric | string {
    const { reader, limits } = this.#decoding;
    const known = resource.names.find(reader.bytes, start, end);
    if (known >= 0) return resource.metrics[known] as WireMetric;
    const name = reader.bytes.toString('utf8', start, end);
    return metricNameProblem(name, limits) ?? resource.addMetric(reader.bytes, start, end, name);
  }

  /** Number of data points, and the temporality, which comes after them. */
  #scan(start: number, end: number): { points: number; aggregationTemporality: number } {
    const { reader } = this.#decoding;
    let points = 0;
    let aggregationTemporality = 0;
    reader.position = start;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === 16) aggregationTemporality = reader.int32(end);
      else {
        if (tag === 10) points++;
        reader.skip(tag, end);
      }
    }
    return { points, aggregationTemporality };
  }
}
