import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import { expectEachPointOnce, runNumbered, startSync, temporarySpool } from '../../support/journal-end.ts';
import { eventually } from '../../support/rest-reader.ts';

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

describe.concurrent("the journal of a run with transport: 'simvue'", () => {
  test.each([
    // Nobody tells of a killed program's end: the server notices after a while.
    ['SIGKILL', 'up', ['running', 'lost']],
    ['SIGKILL', 'down', ['running', 'lost']],
    ['throw', 'down', ['failed']],
  ] as const)(
    'after %s with the server %s has what is left; sync brings each point once, and the status is %s',
    async (way, condition, statuses) => {
      await using spool = await temporarySpool();
      await using proxy = await FaultyProxy.start(collector.url, condition);
      const id = randomUUID();
      const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: proxy.url };
      const config = { RUN_ID: id, RUN_TIMEOUT: '600', RUN_CONFIG: JSON.stringify({ transport: 'simvue' }) };
      await runNumbered(way, { ...environment, ...config });
      proxy.condition = 'up';
      // A slow machine may not answer the first one in time.
      const sync = () => startSync([], environment).exited;
      await eventually(sync, ({ code }) => code === 0, 40_000);
      expect(await sync()).toMatchObject({ code: 0 });
      expect(readdirSync(spool.path)).toEqual([]);
      const key = createHash('sha256').update(id).digest('hex').slice(0, 32);
      const { data } = await collector.rest.runs({ filters: [`metadata.otel_run_key == ${key}`] });
      expect(data).toMatchObject([{ name: 'numbered', status: expect.toBeOneOf([...statuses]) }]);
      await expectEachPointOnce(collector.rest, data[0]?.id ?? '');
    },
  );
});
