import { RUN_TIME, STEP, TIME_HIGH, TIME_LOW, VALUE } from '../pipeline/staging.ts';
import type { Temporality } from '../pipeline/telemetry.ts';
import { ByteTable } from './byte-table.ts';
import { type InternedResource, TEMPORALITY_INDEX, type WireMetric, type WireSeries } from './interned-resource.ts';
import { malformed } from './malformed.ts';
import { pointAttributes } from './point-attributes.ts';
import { readPointAttributes } from './point-attributes-protobuf.ts';
import type { ProtobufDecoding } from './protobuf-decoding.ts';
import { REFUSAL } from './refusal-reasons.ts';
import { timeProblem } from './request-builder.ts';

const TWO_28 = 2 ** 28;
const TWO_49 = 2 ** 49;
const TWO_32 = 0x1_0000_0000;
/** `simv`, `ue.s`, `ue.t` and `ep` as little-endian words. */
const SIMV = 0x766d6973;
const UE_S = 0x732e6575;
const UE_T = 0x742e6575;
const NO_RECORDED_VALUE = 1;
const LABEL_BYTES = 80 << 10;
const ATTRIBUTES_TAG = 58;

/**
 * Decodes the `NumberDataPoint`s of gauges and sums into staged points, without an object or a string per point.
 *
 * `simvue.step` and `simvue.time` are read in place; other attributes are found by their bytes. What is unusual (a step given as text, an
 * attribute seen for the first time) takes the general way, which gives the same result.
 */
export class NumberPoints {
  readonly #decoding: ProtobufDecoding;
  readonly #labels = Buffer.alloc(LABEL_BYTES);

  constructor(decoding: ProtobufDecoding) {
    this.#decoding = decoding;
  }

  /** Decodes the `Gauge` or `Sum` at `[start, end)`. @param unit - read only when a series is new. */
  decode(
    start: number,
    end: number,
    resource: InternedResource,
    metric: WireMetric,
    unit: () => string,
    temporality: Temporality,
  ): void {
    const { reader, builder } = this.#decoding;
    const { writer } = builder;
    const { bytes, view } = reader;
    const series = metric.byTemporality[TEMPORALITY_INDEX[temporality]] as WireSeries;
    let p = start;
    while (p < end) {
      reader.position = p;
      if (bytes[p] !== 10) {
        reader.skip(reader.tag(), end);
        p = reader.position;
        continue;
      }
      reader.position++;
      const pointEnd = reader.fieldEnd(end);
      const pointStart = reader.position;
      p = pointStart;
      const word = writer.reserve();
      const words = writer.words;
      const doubles = writer.doubles;
      let timeLow = 0;
      let timeHigh = 0;
      let step = Number.NaN;
      let runTime = Number.NaN;
      let hasValue = false;
      let flags = 0;
      let labelBytes = 0;
      let labelCount = 0;
      let general = false;
      while (p < pointEnd) {
        switch (bytes[p++]) {
          case 17:
            p += 8;
            break;
          case 25:
            if (p + 8 > pointEnd) throw malformed('time_unix_nano is truncated');
            timeLow = view.getUint32(p, true);
            timeHigh = view.getUint32(p + 4, true);
            p += 8;
            break;
          case 33:
            if (p + 8 > pointEnd) throw malformed('as_double is truncated');
            words[word + 2 * VALUE] = view.getUint32(p, true);
            words[word + 2 * VALUE + 1] = view.getUint32(p + 4, true);
            hasValue = true;
            p += 8;
            break;
          case 49:
            if (p + 8 > pointEnd) throw malformed('as_int is truncated');
            doubles[word / 2 + VALUE] = view.getInt32(p + 4, true) * TWO_32 + view.getUint32(p, true);
            hasValue = true;
            p += 8;
            break;
          case ATTRIBUTES_TAG: {
            const fieldStart = p - 1;
            reader.position = p;
            const e = reader.fieldEnd(pointEnd);
            p = reader.position;
            const isKey = bytes[p] === 10 && e - p >= 6;
            if (isKey && view.getUint32(p + 2, true) === SIMV) {
              const kind = e - p >= 17 && bytes[p + 1] === 11 && bytes[p + 13] === 18 ? view.getUint32(p + 6, true) : 0;
              if (kind === UE_S && bytes[p + 10] === 0x74 && bytes[p + 11] === 0x65 && bytes[p + 12] === 0x70) {
                // simvue.step as an int_value of up to seven bytes (below 2^49); longer ones take the general way
                let q = p + 16;
                let byte = bytes[q++] as number;
                let value = byte & 127;
                for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
                  byte = bytes[q++] as number;
                  value |= (byte & 127) << shift;
                }
                for (let scale = TWO_28; byte > 127 && scale < TWO_49; scale *= 128) {
                  byte = bytes[q++] as number;
                  value += (byte & 127) * scale;
                }
                step = value;
                general ||= byte > 127 || q !== e || bytes[p + 15] !== 24 || bytes[p + 14] !== e - p - 15;
              } else if (
                kind === UE_T &&
                e - p === 24 &&
                bytes[p + 10] === 0x69 &&
                bytes[p + 11] === 0x6d &&
                bytes[p + 12] === 0x65 &&
                bytes[p + 14] === 9 &&
                bytes[p + 15] === 33
              ) {
                runTime = view.getFloat64(p + 16, true);
              } else general = true;
            } else if (bytes[p] === 10 && labelBytes + e - fieldStart <= LABEL_BYTES) {
              for (let from = fieldStart; from < e; from++) this.#labels[labelBytes++] = bytes[from] as number;
              labelCount++;
            } else general = true;
            p = e;
            break;
          }
          case 64:
            reader.position = p;
            flags = reader.int32(pointEnd);
            p = reader.position;
            break;
          default:
            reader.position = p - 1;
            reader.skip(reader.tag(), pointEnd);
            p = reader.position;
        }
      }
      if (p !== pointEnd) throw malformed('data point is truncated');
      if ((flags & NO_RECORDED_VALUE) !== 0) continue;
      const problem = hasValue ? timeProblem(metric.name, timeLow, timeHigh) : REFUSAL.valueMissing(metric.name);
      if (problem !== undefined) {
        builder.refuse(problem);
        continue;
      }
      let index = -1;
      if (!general) {
        if (labelCount === 0) {
          if (series.plain < 0) series.plain = resource.seriesIndex(metric.name, [], unit(), temporality);
          index = series.plain;
        } else index = this.#find(series, labelBytes);
      }
      if (index < 0) {
        const attributes = this.#readAttributes(metric.name, pointStart, pointEnd);
        if (typeof attributes === 'string') {
          builder.refuse(attributes);
          continue;
        }
        builder.addSequence(attributes.sequence);
        index = resource.seriesIndex(metric.name, attributes.labels, unit(), temporality);
        if (!general && attributes.labels.length === labelCount) {
          this.#remember(series, labelBytes, index);
          resource.grow(2 * labelBytes);
        }
        step = attributes.step;
        runTime = attributes.runTimeSeconds;
      }
      words[word + TIME_LOW] = timeLow;
      words[word + TIME_HIGH] = timeHigh;
      doubles[word / 2 + STEP] = step;
      doubles[word / 2 + RUN_TIME] = runTime;
      writer.commit(index, timeLow, timeHigh);
    }
    if (p !== end) throw malformed('metric data is truncated');
  }

  #readAttributes(name: string, start: number, end: number): ReturnType<typeof pointAttributes> {
    const { reader, limits } = this.#decoding;
    reader.position = start;
    return pointAttributes(name, readPointAttributes(reader, end, ATTRIBUTES_TAG, limits.depth), limits);
  }

  #find(series: WireSeries, labelBytes: number): number {
    if (series.labelled === undefined) return -1;
    const found = series.labelled.table.find(this.#labels, 0, labelBytes);
    return found < 0 ? -1 : (series.labelled.series[found] as number);
  }

  #remember(series: WireSeries, labelBytes: number, index: number): void {
    series.labelled ??= { table: new ByteTable(), series: [] };
    series.labelled.series[series.labelled.table.add(this.#labels, 0, labelBytes)] = index;
  }
}
