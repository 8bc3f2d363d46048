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

it('attaches rules to runs of their tenant only', async () => {
  const added: string[] = [];
  const rules = new AlertRuleSet(
    {
      create: async ({ name }, { tenant }) => ({ id: `${name} of ${tenant}`, isNew: true }),
      get: async (id) => ({ ...definition(id), id }) as AlertRow,
      change: async () => undefined,
      automatic: () => [],
      add: async (run, ids) => added.push(...ids.map((id) => `${run}: ${id}`)) > 0,
    },
    {
      findRun: () => RUN,
      liveRuns: async () => [RUN, { ...RUN, id: 's', tenant: 'physics' }],
      getSetting: async () => undefined,
      setSetting: async () => undefined,
    },
  );
  await rules.set([
    { definition: definition('a'), runs: {} },
    { definition: definition('a'), tenant: 'physics', runs: {} },
  ]);
  expect(added).toEqual(['r: a of default', 's: a of physics']);
});

it('switches off the rules that are gone from the file, and on those that come back', async () => {
  const rows = new Map<string, AlertRow>();
  let setting: string | undefined;
  const rules = new AlertRuleSet(
    {
      create: async (given) => {
        const id = given.name;
        const isNew = !rows.has(id);
        if (isNew) rows.set(id, { ...given, id, user: '', tenant: '', createdUnixNano: 0n, revision: 0 });
        return { id, isNew };
      },
      get: async (id) => rows.get(id),
      change: async (id, given) => void rows.set(id, { ...(rows.get(id) as AlertRow), ...given }),
      automatic: () => [],
      add: async () => true,
    },
    {
      findRun: () => RUN,
      liveRuns: async () => [],
      getSetting: async () => setting,
      setSetting: async (_, value) => {
        setting = value;
      },
    },
  );
  const enabled = (): boolean[] => [...rows.values()].map((row) => row.enabled);
  const both = ['a', 'b'].map((name) => ({ definition: definition(name), runs: {} }));
  await rules.set(both);
  await rules.set(both.slice(1));
  expect(enabled()).toEqual([false, true]);
  await rules.set([]);
  expect(enabled()).toEqual([false, false]);
  await rules.set(both);
  expect(enabled()).toEqual([true, true]);
});
