import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';
import { runOwnSdk } from '../../support/own-sdk.ts';

const PROGRAM = fileURLToPath(new URL('./programs/own-sdk.mjs', import.meta.url));

test('an SDK 2.x that the program starts later delivers exactly what it delivers without us; the run has every value', async () => {
  await using run = await OtlpSinkServer.start();
  const without = await runOwnSdk(PROGRAM, undefined);
  const withUs = await runOwnSdk(PROGRAM, run.url);
  expect(without, without.stderr).toMatchObject({ code: 0, stderr: '' });
  expect(without.requests.map(({ path }) => path)).toContain('/v1/logs');
  expect(withUs).toEqual(without);
  const values = (name: string) => run.userPoints.filter((point) => point.name === name).map(({ value }) => value);
  const round = Array.from({ length: 10 }, (_, i) => i);
  expect(values('gauge')).toEqual([...round, ...round]);
  expect(values('early')).toEqual([1, 2]);
  expect(values('counter').at(-1)).toBe(20);
  expect(values('histogram.sum').at(-1)).toBe(90);
  expect(values('observed')).toEqual(expect.arrayContaining([1, 2, 3]));
  expect(run.records.map(({ body }) => body)).toEqual(
    expect.arrayContaining(['before the SDK', 'early logger, after the SDK', '{"round":0}', '{"round":1}']),
  );
});

test('requests of ours are not seen by the instrumentation of the program, nor sent where its own SDK sends', async () => {
  await using application = await OtlpSinkServer.start();
  await using run = await OtlpSinkServer.start(({ path }) =>
    path === '/seen' && run.records.some(({ body }) => body === 'recorded') ? { status: 204 } : undefined,
  );
  const program = fileURLToPath(new URL('./programs/instrumented.mjs', import.meta.url));
  const exit = await new TestProcess(process.execPath, ['--import', 'simvue-otel/register', program], {
    SIMVUE_URL: run.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: application.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
  }).exited;
  expect(exit, exit.stderr).toMatchObject({ code: 0, stderr: '' });
  expect(exit.stdout).toBe('recorded\n["GET /mine","GET /seen"]\n');
  expect(application.requests.map(({ path }) => path)).toEqual(['/mine']);
  expect(run.requests.map(({ headers }) => headers['authorization'])).not.toContain('secret');
});
