import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { SimvueError } from 'simvue-otel/errors';
import { formatTimestamp } from 'simvue-otel/time';
import { describe, expect, it } from 'vitest';
import { RECORD_KIND } from '../../../../collector/pipeline/record-kind.ts';
import { printSeriesName } from '../../../../collector/pipeline/series-name.ts';
import { readArrays } from '../../../../collector/receiver/array-request.ts';
import { DEFAULT_DECODE_LIMITS } from '../../../../collector/receiver/decode-limits.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import { CountingArena, readBack } from '../../../support/staged-points.ts';

/** Absent; and adding 0 makes 0 of -0, which the encoder does not keep. */
const NONE = Number.NaN;
const RUN = 'aaaaaaaaaaaaaaaaaaaaaa';
const KINDS = { metrics: RECORD_KIND.simvueMetricsMsgpack, events: RECORD_KIND.simvueEventsMsgpack } as const;
const times = fc.bigInt({ min: 1n, max: 2n ** 62n / 1000n }).map((micros) => micros * 1000n);
const steps = fc.oneof(fc.constant(null), fc.maxSafeInteger());
const numbers = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.boolean());
const names = fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.constantFrom('loss', 'a/b', 'values'));

const metricEntries = fc.array(
  fc.record({
    time: times,
    step: steps,
    runTime: fc.oneof(fc.constant(null), fc.double({ noNaN: true })),
    values: fc.dictionary(names, numbers, { maxKeys: 4 }),
  }),
  { maxLength: 8 },
);

function decode(list: keyof typeof KINDS, body: Uint8Array) {
  const arena = new CountingArena({ blockBytes: 7 * 32, maxBlocks: 400 });
  const decoded = createRequestDecoder({ arena }).decode(KINDS[list], Buffer.from(body));
  return { decoded, parts: readBack(decoded, arena) };
}

describe('values that come by REST', () => {
  it('are read as they were sent, metric by metric in the order of the entries', () => {
    fc.assert(
      fc.property(metricEntries, (entries) => {
        const metrics = entries.map(({ time, step, runTime, values }) => ({
          timestamp: formatTimestamp(time),
          step,
          time: runTime,
          values,
        }));
        const { decoded, parts } = decode('metrics', encode({ run: RUN, metrics }));
        const expected = new Map<string, object[]>();
        for (const { time, step, runTime, values } of entries) {
          for (const [name, value] of Object.entries(values)) {
            const point = { time, value: Number(value) + 0, step: step ?? NONE, runTime: (runTime ?? NONE) + 0 };
            const series = printSeriesName(name, []);
            expected.set(series, [...(expected.get(series) ?? []), point]);
          }
        }
        const read = new Map<string, object[]>();
        for (const { series, time, value, step, runTime } of parts.flatMap(({ points }) => points)) {
          read.set(series, [...(read.get(series) ?? []), { time, value, step, runTime }]);
        }
        expect(decoded.refusals.total).toBe(0);
        expect([...read]).toEqual([...expected]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('events that come by REST', () => {
  const levels = ['debug', 'info', 'warning', 'error', 'critical', null] as const;
  const entries = fc.array(
    fc.record({ time: times, message: fc.string({ unit: 'grapheme' }), level: fc.constantFrom(...levels) }),
    { maxLength: 8 },
  );

  it('are read as they were sent', () => {
    fc.assert(
      fc.property(entries, (several) => {
        const events = several.map(({ time, message, level }) => ({
          timestamp: formatTimestamp(time),
          message,
          log_level: level,
        }));
        const { decoded, parts } = decode('events', encode({ run: RUN, events }));
        const read = parts.flatMap((part) => part.events);
        expect(decoded.refusals.total).toBe(0);
        expect(read.map(({ timeUnixNano, body, severityNumber }) => [timeUnixNano, body, severityNumber])).toEqual(
          several.map(({ time, message, level }) => [
            time,
            message,
            level === null ? 0 : 5 + 4 * levels.indexOf(level),
          ]),
        );
      }),
    );
  });
});

describe('arrays that come by REST', () => {
  const rows = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([height, width]) =>
      fc.array(fc.array(fc.double(), { minLength: width, maxLength: width }), { minLength: height, maxLength: height }),
    );
  const arrays = fc.oneof(fc.array(fc.double(), { minLength: 1, maxLength: 20 }), rows);

  it('are read as they were sent, row after row', () => {
    fc.assert(
      fc.property(fc.record({ time: times, step: fc.maxSafeInteger(), metric: names, array: arrays }), (sent) => {
        const { time, step, metric, array } = sent;
        const body = encode([{ timestamp: formatTimestamp(time), step, metric, array }]);
        const [read] = readArrays(Buffer.from(body), DEFAULT_DECODE_LIMITS);
        const isFlat = typeof array[0] === 'number';
        expect(read).toMatchObject({ metric, step, timeUnixNano: time });
        expect(read?.shape).toEqual(isFlat ? [array.length] : [array.length, (array[0] as number[]).length]);
        expect([...(read?.values ?? [])]).toEqual(array.flat().map((value) => (value as number) + 0));
      }),
    );
  });
});

describe('a message that is no message', () => {
  const entry = { timestamp: '2026-01-31T12:00:00.000000', step: 1, time: 0.5, values: { loss: 1 } };
  const junk = fc.oneof(fc.jsonValue(), fc.uint8Array({ maxLength: 8 }), fc.double());
  const messages = fc.oneof(
    junk,
    fc.record({ run: fc.oneof(fc.constant(RUN), junk), metrics: junk, events: junk }),
    fc.record({
      run: fc.constant(RUN),
      metrics: fc.array(fc.oneof(junk, fc.record({ timestamp: junk, step: junk, time: junk, values: junk }))),
      events: fc.array(fc.oneof(junk, fc.record({ timestamp: junk, message: junk, log_level: junk }))),
    }),
    fc.array(
      fc.oneof(
        junk,
        fc.record({ metric: junk, array: junk, step: fc.constant(1), timestamp: fc.constant(entry.timestamp) }),
      ),
    ),
  );
  const readers: Readonly<Record<string, (body: Buffer) => void>> = {
    metrics: (body) => drop('metrics', body),
    events: (body) => drop('events', body),
    arrays: (body) => readArrays(body, DEFAULT_DECODE_LIMITS),
  };

  function drop(list: keyof typeof KINDS, body: Buffer): void {
    const arena = new CountingArena({ blockBytes: 7 * 32, maxBlocks: 400 });
    try {
      createRequestDecoder({ arena }).decode(KINDS[list], body).release();
    } finally {
      expect(arena.references).toBe(0);
    }
  }

  /** It is read, in part or not at all, or refused as an error of its sender. */
  function survives(read: (body: Buffer) => void, body: Buffer): void {
    try {
      read(body);
    } catch (error) {
      expect(error).toBeInstanceOf(SimvueError);
      expect((error as SimvueError).code).toBe('SIMVUE_ERR_INVALID_ARGUMENT');
    }
  }

  it.each(Object.entries(readers))('is refused, and leaves nothing behind (%s)', (_list, read) => {
    fc.assert(
      fc.property(messages, (message) => survives(read, Buffer.from(encode(message)))),
      { numRuns: 500 },
    );
    const whole = Buffer.from(encode({ run: RUN, metrics: [entry, entry], events: [{ ...entry, message: 'm' }] }));
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), fc.nat({ max: 255 }), (at, byte, next) => {
        const broken = Buffer.from(whole);
        broken[at] = byte;
        broken[at + 1] = next;
        survives(read, broken);
      }),
      { numRuns: 2_000 },
    );
  });
});
