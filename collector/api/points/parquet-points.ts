import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import { runTimes } from '../../store/chunk/point-columns.ts';
import type { PointEncoder, PointSection } from './point-section.ts';

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const MICROS = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;
const NANOS_PER_MICRO = 1000n;

/** Points as Apache Parquet: each call of `rows` is a row group, so that memory holds one group and the directory of the others. */
export class ParquetPoints implements PointEncoder {
  readonly #bytes = new ByteWriter();
  readonly #file = new ParquetWriter({
    writer: this.#bytes,
    createdBy: 'simvue-otel-collector',
    schema: [
      { name: 'points', num_children: 8 },
      { name: 'run', ...TEXT, repetition_type: 'REQUIRED' },
      { name: 'metric', ...TEXT, repetition_type: 'REQUIRED' },
      { name: 'instance', ...TEXT, repetition_type: 'REQUIRED' },
      { name: 'attempt', type: 'INT32', repetition_type: 'OPTIONAL' },
      { name: 'step', type: 'INT64', repetition_type: 'OPTIONAL' },
      { name: 'time', type: 'DOUBLE', repetition_type: 'REQUIRED' },
      {
        ...{ name: 'timestamp', type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: MICROS },
        repetition_type: 'REQUIRED',
      },
      { name: 'value', type: 'DOUBLE', repetition_type: 'REQUIRED' },
    ],
  });

  rows(sections: readonly PointSection[]): Uint8Array {
    const rows = sections.reduce((sum, { columns }) => sum + columns.count, 0);
    if (rows > 0) this.#file.write({ columnData: columnsOf(sections, rows), rowGroupSize: rows });
    return this.#take();
  }

  end(): Uint8Array {
    this.#file.finish();
    return this.#take();
  }

  #take(): Uint8Array {
    const taken = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return taken;
  }
}

function columnsOf(sections: readonly PointSection[], rows: number): ColumnSource[] {
  const [run, metric, instance] = [new Array<string>(rows), new Array<string>(rows), new Array<string>(rows)];
  const attempt = new Array<number | null>(rows);
  const step = new Array<bigint | null>(rows);
  const [time, value] = [new Float64Array(rows), new Float64Array(rows)];
  const timestamp = new BigInt64Array(rows);
  let at = 0;
  for (const section of sections) {
    const { columns } = section;
    const end = at + columns.count;
    run.fill(section.run, at, end);
    metric.fill(section.metric, at, end);
    instance.fill(section.instance, at, end);
    attempt.fill(section.attempt, at, end);
    time.set(runTimes(columns, section.originUnixNano), at);
    value.set(columns.value, at);
    const unixNano = new BigInt64Array(columns.count);
    const words = new Uint32Array(unixNano.buffer);
    for (let i = 0; i < columns.count; i++) {
      const place = columns.step?.[i] ?? Number.NaN;
      step[at + i] = Number.isNaN(place) ? null : BigInt(place);
      words[2 * i] = columns.timeLow[i] as number;
      words[2 * i + 1] = columns.timeHigh[i] as number;
      timestamp[at + i] = (unixNano[i] as bigint) / NANOS_PER_MICRO;
    }
    at = end;
  }
  return [
    { name: 'run', data: run, encoding: 'RLE_DICTIONARY' },
    { name: 'metric', data: metric, encoding: 'RLE_DICTIONARY' },
    { name: 'instance', data: instance, encoding: 'RLE_DICTIONARY' },
    { name: 'attempt', data: attempt, encoding: 'RLE_DICTIONARY' },
    { name: 'step', data: step, encoding: 'DELTA_BINARY_PACKED' },
    { name: 'time', data: time, encoding: 'PLAIN' },
    { name: 'timestamp', data: timestamp, encoding: 'DELTA_BINARY_PACKED' },
    { name: 'value', data: value, encoding: 'PLAIN' },
  ];
}
