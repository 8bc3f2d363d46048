import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { startSync, temporarySpool } from '../../support/journal-end.ts';

const PROGRAM = fileURLToPath(new URL('./programs/ranks.mjs', import.meta.url));
const RANKS = [0, 1, 2, 3, 4, 5, 6];
const POINTS = 2000;

test('three threads and three processes write to one run without locks; one throws, one is killed: nothing is lost, the owner ends it', async () => {
  await using collector = await CollectorProcess.start();
  await using spool = await temporarySpool();
  const id = randomUUID().replaceAll('-', '').slice(0, 22);
  const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: collector.url, RUN_ID: id };
  const owner = await new TestProcess(process.execPath, [PROGRAM], environment).exited;
  expect(owner.code, owner.stderr).toBe(0);
  expect(await startSync([], environment).exited).toMatchObject({ code: 0, stderr: '' });
  const { rest } = collector;
  const names = RANKS.map((rank) => `rank-${rank}`);
  const values = (await rest.metricValues([id], [...names, 'shared']))[id] ?? {};
  const expected = Array.from({ length: POINTS }, (_, i) => ({ step: i, value: i }));
  for (const name of names) expect(values[name]).toEqual(expected);
  const shared = (values['shared'] ?? []).map(({ value }) => value).toSorted((a, b) => a - b);
  expect(shared).toEqual(Array.from({ length: RANKS.length * POINTS }, (_, i) => i));
  expect(await rest.run(id)).toMatchObject({ name: 'ranks', folder: '/mpi', status: 'completed' });
  const events = (await rest.events(id)).data.map(({ message }) => message);
  expect(events.filter((message) => message === 'Uncaught RangeError: rank 3 is out')).toHaveLength(1);
});
