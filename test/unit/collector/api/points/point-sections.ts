import fc from 'fast-check';
import type { PointEncoder, PointSection } from '../../../../../collector/api/points/point-section.ts';

/** A row as the table has it; `timestamp` in microseconds since the epoch. */
export interface Row {
  readonly run: string;
  readonly metric: string;
  readonly instance: string;
  readonly attempt: number | null;
  readonly step: bigint | null;
  readonly time: number;
  readonly timestamp: bigint;
  readonly value: number;
}

const point = fc.record({
  time: fc.bigInt(0n, 2n ** 62n),
  value: fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0)),
  step: fc.oneof(fc.maxSafeInteger(), fc.constant(Number.NaN)),
  runTime: fc.oneof(fc.double(), fc.constant(Number.NaN)),
});
const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('loss', 'Δ, "quoted"\r\n', '=1+1', '-2'));
const section = fc
  .record({
    ...{ run: fc.constantFrom('aaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbb'), metric: name, instance: name },
    attempt: fc.option(fc.integer({ min: 1, max: 9 })),
    originUnixNano: fc.bigInt(0n, 2n ** 62n),
    points: fc.array(point, { maxLength: 20 }),
    ...{ hasStep: fc.boolean(), hasRunTime: fc.boolean() },
  })
  .map(({ points, hasStep, hasRunTime, ...common }): PointSection => {
    const words = points.map(({ time }) => time);
    return {
      ...common,
      columns: {
        count: points.length,
        timeLow: Uint32Array.from(words, (time) => Number(time & 0xffff_ffffn)),
        timeHigh: Uint32Array.from(words, (time) => Number(time >> 32n)),
        value: Float64Array.from(points, ({ value }) => value),
        step: hasStep ? Float64Array.from(points, ({ step }) => step) : undefined,
        runTime: hasRunTime ? Float64Array.from(points, ({ runTime }) => runTime) : undefined,
      },
    };
  });

/** What an encoder is given, call by call. */
export const sectionBatches = fc.array(fc.array(section, { maxLength: 4 }), { maxLength: 4 });

/** The rows of a section, from the definition of each column. */
export function rowsOf({ run, metric, instance, attempt, originUnixNano, columns }: PointSection): Row[] {
  return Array.from(columns.value, (value, i) => {
    const unixNano = BigInt(columns.timeHigh[i] as number) * 2n ** 32n + BigInt(columns.timeLow[i] as number);
    const step = columns.step?.[i] ?? Number.NaN;
    const runTime = columns.runTime?.[i] ?? Number.NaN;
    return {
      ...{ run, metric, instance, attempt, value },
      step: Number.isNaN(step) ? null : BigInt(step),
      time: Number.isNaN(runTime) ? Number(unixNano - originUnixNano) / 1e9 : runTime,
      timestamp: unixNano / 1000n,
    };
  });
}

/** The file that an encoder makes. */
export function bytesOf(encoder: PointEncoder, batches: readonly (readonly PointSection[])[]): ArrayBuffer {
  const pieces = batches.map((batch) => encoder.rows(batch));
  return new Uint8Array(Buffer.concat([...pieces, encoder.end()])).buffer;
}
