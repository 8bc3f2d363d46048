import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CollectorProcess } from './collector-process.ts';
import { type Condition, FaultyProxy } from './faulty-proxy.ts';
import { expectEachPointOnce, expectStatus, runNumbered, startSync, temporarySpool } from './journal-end.ts';

/** How programs end, and what a run is afterwards. */
const ENDS = [
  { way: 'close', status: 'completed', traceback: false },
  { way: 'natural end', status: 'completed', traceback: false },
  { way: 'throw', status: 'failed', traceback: true },
  { way: 'unhandled rejection', status: 'failed', traceback: true },
  { way: 'process.exit(1)', status: 'failed', traceback: false },
  { way: 'SIGTERM', status: 'terminated', traceback: false },
  { way: 'SIGINT', status: 'terminated', traceback: false },
  { way: 'SIGKILL', status: 'lost', traceback: false },
  { way: 'crash of the worker thread that writes', status: 'failed', traceback: true },
] as const;

/** Every end of a program in these conditions: each point is in the collector once after `simvue sync`. */
export function testEnds(collector: () => CollectorProcess, conditions: readonly Condition[], rounds = 1): void {
  const cells = conditions.flatMap((condition) => ENDS.map((end) => ({ ...end, condition })));
  test.concurrent.each(Array.from({ length: rounds }, () => cells).flat())(
    'a program that ends by $way while the collector is $condition loses nothing, and its run is $status',
    async ({ way, condition, status, traceback }) => {
      await using spool = await temporarySpool();
      await using proxy = await FaultyProxy.start(collector().url, condition);
      const id = randomUUID().replaceAll('-', '').slice(0, 22);
      const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: proxy.url };
      const ended = await runNumbered(way, { ...environment, RUN_ID: id, RUN_SAVES: 'yes' });
      proxy.condition = 'up';
      const synced = await startSync([], environment).exited;
      expect(synced, ended.stderr).toMatchObject({ code: 0, stderr: '' });
      const { rest } = collector();
      await expectEachPointOnce(rest, id);
      await expectStatus(rest, id, status);
      const artifacts = (await rest.get(`/runs/${id}/artifacts`)) as readonly { name: string }[];
      expect(new Set(artifacts.map(({ name }) => name))).toEqual(new Set(['numbered.mjs', 'state']));
      const { data } = await rest.events(id);
      expect(data.filter((event) => event.message === 'Uncaught RangeError: thrown')).toHaveLength(traceback ? 1 : 0);
    },
  );
}
