import { expect, it } from 'vitest';
import { AlertRuleSet } from '../../../../collector/pipeline/alert-rule-set.ts';
import type { AlertDefinition, AlertRow } from '../../../../collector/store/alert-store.ts';
import type { RunRow } from '../../../../collector/store/catalog-store.ts';

const RUN = { id: 'r', name: 'run', folder: '/', tags: [], tenant: 'default' } as Partial<RunRow> as RunRow;
const definition = (name: string): AlertDefinition => ({
  name,
  source: 'run',
  rule: { status: 'failed' },
  description: null,
  notification: 'none',
  enabled: true,
  abort: false,
  auto: false,
  runTags: [],
  delay: 0,
});

it('attaches many rules to a run in many turns of the event loop, each of them once', async () => {
  const added: string[] = [];
  const turns: number[] = [];
  let wasOver = () => true;
  const rules = new AlertRuleSet(
    {
      create: async ({ name }) => ({ id: name, isNew: true }),
      get: async (id) => ({ ...definition(id), id }) as AlertRow,
      change: async () => undefined,
      automatic: () => [],
      add: async (_run, ids) => {
        let isOver = false;
        setImmediate(() => (isOver = true));
        turns.push(ids.length);
        if (turns.length > 1) expect(wasOver()).toBe(true);
        wasOver = () => isOver;
        added.push(...ids);
        return true;
      },
    },
    {
      findRun: () => RUN,
      liveRuns: async () => [RUN],
      getSetting: async () => undefined,
      setSetting: async () => undefined,
    },
  );
  await rules.set(Array.from({ length: 550 }, (_, i) => ({ definition: definition(`rule ${i}`), runs: {} })));
  expect(turns).toEqual([100, 100, 100, 100, 100, 50]);
  expect(new Set(added).size).toBe(550);
});
