import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestProcess } from '../support/child-process.ts';
import { TestCollector } from '../support/collector-app.ts';
import { pythonOf } from '../support/python-environment.ts';
import { inRepository } from '../support/repository.ts';

const START_MICROS = 1_790_000_000_123_457;
const STEPS = 1000;
const VALUES = [1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -7, 5e-324, 0.1];
const METRICS = ['loss', 'Δp/Ω 漢字 🚀', 'a "quoted", name'];

interface Row {
  readonly run: string;
  readonly metric: string;
  readonly instance: string;
  readonly attempt: number;
  readonly step: number | null;
  readonly time: number;
  readonly timestamp: number;
  /** Its bits, in hexadecimal digits. */
  readonly value: string;
}
interface Findings {
  readonly types: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly nan: number;
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

let collector: TestCollector;
let directory: string;
let python: string;

beforeAll(async () => {
  [collector, directory, python] = await Promise.all([
    TestCollector.start(),
    mkdtemp(join(tmpdir(), 'simvue-tables-')),
    pythonOf('tables'),
  ]);
});
afterAll(async () => {
  await collector?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const bits = (value: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** Sends what is logged over OTLP and gives the rows that must come back. Every seventh point has no step. */
async function logPoints(id: string): Promise<Row[]> {
  const resource = { attributes: [text('simvue.run.id', id), text('service.instance.id', 'node-1 ñ')] };
  const attributes = [text('simvue.run.status', 'running'), text('simvue.run.role', 'owner')];
  const start = { timeUnixNano: `${START_MICROS}000`, eventName: 'simvue.run.start', attributes };
  expect(
    (await collector.export('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [start] }] }] })).status,
  ).toBe(200);
  const rows = METRICS.flatMap((metric, at) =>
    Array.from({ length: STEPS }, (_, step): Row & { readonly number: number } => {
      const number = VALUES[(step + at) % VALUES.length] ?? 0;
      const micros = 7 * step + at;
      return {
        ...{ run: id, metric, instance: 'node-1 ñ', attempt: 1, number, value: bits(number) },
        ...{ step: step % 7 === 3 ? null : step, time: micros / 1e6, timestamp: START_MICROS + micros },
      };
    }),
  );
  const metrics = METRICS.map((name) => {
    const dataPoints = rows
      .filter(({ metric }) => metric === name)
      .map(({ timestamp, number, step }) => ({
        timeUnixNano: `${timestamp}000`,
        asDouble: Number.isFinite(number) ? number : String(number),
        attributes: step === null ? [] : [{ key: 'simvue.step', value: { intValue: String(step) } }],
      }));
    return { name, gauge: { dataPoints } };
  });
  expect(
    (await collector.export('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] })).status,
  ).toBe(200);
  return rows.map(({ number: _, ...row }) => row);
}

test('a file of Parquet is for pyarrow, pandas, DuckDB and polars what was logged, to the last bit', async () => {
  const id = 'tablesAAAAAAAAAAAAAAAA';
  const logged = await logPoints(id);
  const query = new URLSearchParams({
    runs: JSON.stringify([id]),
    metrics: JSON.stringify(METRICS),
    format: 'parquet',
  });
  const program = inRepository('test/contract/python/read_points.py');
  const path = join(directory, 'points.parquet');
  const exit = await new TestProcess(python, [program, `${collector.url}/api/points?${query}`, path]).exited;
  expect(exit, exit.stderr).toMatchObject({ code: 0 });
  const { types, counts, nan, rows } = JSON.parse(exit.stdout) as Findings;
  expect(types).toEqual({
    ...{ run: 'string', metric: 'string', instance: 'string', attempt: 'int32', step: 'int64' },
    ...{ time: 'double', timestamp: 'timestamp[us, tz=UTC]', value: 'double' },
  });
  expect(counts).toEqual({ pyarrow: logged.length, duckdb: logged.length });
  expect(nan).toBe(logged.filter(({ value }) => value === bits(Number.NaN)).length);
  for (const reader of ['pyarrow', 'pandas', 'duckdb', 'polars']) expect(rows[reader], reader).toEqual(logged);
});
