import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startSync, temporarySpool } from '../../support/journal-end.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';
import { inRepository } from '../../support/repository.ts';

const PROGRAM = fileURLToPath(new URL('./programs/ends.mjs', import.meta.url));
const TWO_COPIES = fileURLToPath(new URL('./programs/two-copies.mjs', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly millis: number;
}

async function runProgram(
  way: string,
  url: string,
  program = PROGRAM,
  SIMVUE_OFFLINE_DIRECTORY = process.env['SIMVUE_OFFLINE_DIRECTORY'],
): Promise<Ended> {
  const start = performance.now();
  const { PATH } = process.env;
  const environment = { PATH, SIMVUE_OFFLINE_DIRECTORY, SIMVUE_URL: url };
  const child = spawn(process.execPath, [program, way], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stderr, millis: performance.now() - start };
}

const ENDS = [
  { way: 'close', code: 0, signal: null, status: 'completed', attributes: {} },
  { way: 'natural end', code: 0, signal: null, status: 'completed', attributes: { 'simvue.run.exit_code': 0 } },
  { way: 'at once', code: 0, signal: null, status: 'completed', attributes: { 'simvue.run.exit_code': 0 } },
  {
    way: 'exit code 3 at a natural end',
    code: 3,
    signal: null,
    status: 'failed',
    attributes: { 'simvue.run.exit_code': 3 },
  },
  { way: 'process.exit(0)', code: 0, signal: null, status: 'completed', attributes: { 'simvue.run.exit_code': 0 } },
  { way: 'process.exit(1)', code: 1, signal: null, status: 'failed', attributes: { 'simvue.run.exit_code': 1 } },
  {
    way: 'throw',
    code: 1,
    signal: null,
    status: 'failed',
    attributes: { 'simvue.run.exit_code': 1, 'exception.type': 'RangeError', 'exception.message': 'thrown' },
  },
  {
    way: 'unhandled rejection',
    code: 1,
    signal: null,
    status: 'failed',
    attributes: { 'simvue.run.exit_code': 1, 'exception.type': 'RangeError', 'exception.message': 'thrown' },
  },
  {
    way: 'unhandled rejection, handled with process.exit(4)',
    code: 4,
    signal: null,
    status: 'failed',
    attributes: { 'simvue.run.exit_code': 4, 'exception.type': 'RangeError', 'exception.message': 'thrown' },
  },
  {
    way: 'unhandled rejection, handled by throwing it',
    code: 1,
    signal: null,
    status: 'failed',
    attributes: { 'simvue.run.exit_code': 1, 'exception.type': 'RangeError', 'exception.message': 'thrown' },
  },
  {
    way: 'unhandled rejection, no longer handled',
    code: 1,
    signal: null,
    status: 'failed',
    attributes: { 'simvue.run.exit_code': 1, 'exception.type': 'RangeError', 'exception.message': 'thrown' },
  },
  { way: 'close, then throw before it is done', code: 1, signal: null, status: 'completed', attributes: {} },
  { way: 'status, then process.exit(1)', code: 1, signal: null, status: 'terminated', attributes: {} },
  {
    way: 'caught by a handler, then process.exit(0)',
    code: 0,
    signal: null,
    status: 'completed',
    attributes: { 'simvue.run.exit_code': 0 },
  },
  {
    way: 'SIGTERM',
    code: null,
    signal: 'SIGTERM',
    status: 'terminated',
    attributes: { 'simvue.run.exit_signal': 'SIGTERM' },
  },
  {
    way: 'SIGINT',
    code: null,
    signal: 'SIGINT',
    status: 'terminated',
    attributes: { 'simvue.run.exit_signal': 'SIGINT' },
  },
  {
    way: 'SIGHUP',
    code: null,
    signal: 'SIGHUP',
    status: 'terminated',
    attributes: { 'simvue.run.exit_signal': 'SIGHUP' },
  },
  {
    way: 'own handler with process.exit(143), SIGTERM',
    code: 143,
    signal: null,
    status: 'terminated',
    attributes: { 'simvue.run.exit_signal': 'SIGTERM' },
  },
  {
    way: 'own handler, SIGTERM',
    code: 0,
    signal: null,
    status: 'completed',
    attributes: { 'simvue.run.exit_code': 0 },
  },
] as const;

describe.concurrent('the end of a program', () => {
  test.each(ENDS)('$way: everything arrives, the run is $status, the process ends as without us', async (end) => {
    await using sink = await OtlpSinkServer.start();
    await using spool = await temporarySpool();
    const { code, signal, stderr } = await runProgram(end.way, sink.url, PROGRAM, spool.path);
    expect([code, signal], stderr).toEqual([end.code, end.signal]);
    // The two seconds of an exit may be short for a machine under load: the journal has the rest.
    const left = { SIMVUE_URL: sink.url, SIMVUE_OFFLINE_DIRECTORY: spool.path };
    if (readdirSync(spool.path).length > 0) await startSync([spool.path], left).exited;
    expect(new Set(sink.points.map((point) => point.value)), stderr).toEqual(
      new Set(Array.from({ length: 500 }, (_, i) => i)),
    );
    const ends = sink.records.filter((record) => record.eventName === 'simvue.run.end');
    expect(new Set(ends.map((record) => record.attributes['log.record.uid'])).size).toBe(1);
    expect(ends[0]?.attributes).toMatchObject({ ...end.attributes, 'simvue.run.status': end.status });
    expect(sink.records.map((record) => record.body)).toContain('before the end');
    if (end.way === 'throw' || end.way.startsWith('unhandled rejection')) {
      const uncaught = sink.records.filter((record) => record.severityNumber === 21);
      expect(new Set(uncaught.map(({ attributes }) => attributes['log.record.uid'])).size).toBe(1);
      expect(uncaught[0]?.body).toBe('Uncaught RangeError: thrown');
      expect(uncaught[0]?.attributes['exception.stacktrace']).toContain('ends.mjs');
      expect(stderr).toContain('RangeError: thrown');
    }
  });

  test.each(
    ENDS.filter(({ way }) => ['throw', 'unhandled rejection', 'process.exit(1)', 'SIGTERM', 'SIGINT'].includes(way)),
  )('$way while the collector is down: ends as without us, within its deadline', async ({ way, code, signal }) => {
    const ended = await runProgram(way, 'http://127.0.0.1:9');
    expect([ended.code, ended.signal], ended.stderr).toEqual([code, signal]);
    expect(ended.millis).toBeLessThan(30_000);
  });

  test('two copies of the package in one process: a signal ends the runs of both', async () => {
    await using sink = await OtlpSinkServer.start();
    const cache = inRepository('.cache');
    mkdirSync(cache, { recursive: true });
    const copy = mkdtempSync(join(cache, 'copy-'));
    cpSync(inRepository('dist'), copy, { recursive: true });
    try {
      const url = pathToFileURL(join(copy, 'index.js')).href;
      const { code, signal, stderr } = await runProgram(url, sink.url, TWO_COPIES);
      expect([code, signal], stderr).toEqual([null, 'SIGTERM']);
      const ended = sink.records.filter(({ eventName }) => eventName === 'simvue.run.end');
      expect(new Set(ended.map(({ attributes }) => attributes['log.record.uid'])).size).toBe(2);
      for (const { attributes } of ended) expect(attributes['simvue.run.status']).toBe('terminated');
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  test('a natural end while the collector is down waits no longer than 10 s, and says what was not delivered', async () => {
    const ended = await runProgram('natural end', 'http://127.0.0.1:9');
    expect([ended.code, ended.signal], ended.stderr).toEqual([0, null]);
    expect(ended.millis).toBeLessThan(30_000);
    expect(ended.stderr).toContain('Not delivered: 500 points');
  });
});
