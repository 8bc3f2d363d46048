import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { startSync, temporarySpool } from '../../support/journal-end.ts';

const GRIDS = fileURLToPath(new URL('./programs/grids.mjs', import.meta.url));

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

describe.concurrent('metrics on grids', () => {
  test.each(['online', 'offline'])(
    'of a program (%s) that is killed are in its journal; sync stores each once',
    async (mode) => {
      await using spool = await temporarySpool();
      const id = randomUUID().replaceAll('-', '').slice(0, 22);
      const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: collector.url };
      const config = { RUN_ID: id, RUN_CONFIG: JSON.stringify({ mode }) };
      expect((await new TestProcess(process.execPath, [GRIDS], { ...environment, ...config }).exited).signal).toBe(
        'SIGKILL',
      );
      for (let time = 0; time < 2; time++) expect((await startSync([], environment).exited).code).toBe(0);

      const { rest } = collector;
      const summaries = (await rest.run(id)).metrics;
      expect([summaries['field']?.count, summaries['profile']?.count, summaries['loss']?.count]).toEqual([40, 1, 40]);
      const { array } = await rest.get<{ array: unknown }>(`/runs/${id}/metrics/field/values`, { step: '39' });
      expect(array).toEqual([
        [39, 1, 2],
        [3, 4, 'NaN'],
      ]);
      const grids = await rest.get<{ id: string; name: string; metric: string }[]>(`/runs/${id}/grids`);
      expect(grids.map(({ name, metric }) => [name, metric])).toEqual([
        ['plane', 'field'],
        ['profile', 'profile'],
      ]);
      expect(await rest.get(`/grids/${grids[0]?.id}`)).toMatchObject({ labels: ['x', 'y'] });
    },
  );
});
