import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunChange } from '../../../../collector/pipeline/run-change.ts';
import { RunState } from '../../../../collector/pipeline/run-state.ts';
import type { AttributeValue } from '../../../../collector/pipeline/telemetry.ts';

const key = fc.constantFrom('a', 'b', 'a.b', '__proto__');
const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null), fc.constantFrom('x', 'y'));
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  leaf,
  fc.dictionary(fc.constantFrom('a', 'b', 'c'), leaf, { maxKeys: 2, noNullPrototype: true }),
);
const tags = fc.uniqueArray(fc.constantFrom('t', 'u', 'v', 'w'), { maxLength: 3 });
const lifecycle = fc.record(
  {
    status: fc.constantFrom('created' as const, 'running' as const, 'completed' as const, 'failed' as const),
    attempt: fc.integer({ min: 1, max: 3 }),
    role: fc.constantFrom('owner' as const, 'member' as const),
    exitCode: fc.integer({ min: 0, max: 2 }),
  },
  { requiredKeys: ['status'] },
);
const content = fc.record(
  {
    timeUnixNano: fc.bigInt({ min: 0n, max: 6n }).map((time) => time * 1_000_000_000_000_000_000n),
    instance: fc.constantFrom('i', 'j', 'k'),
    name: fc.constantFrom('n', 'm'),
    folder: fc.constantFrom('/', '/f'),
    metadataSet: fc.dictionary(key, value, { maxKeys: 2, noNullPrototype: true }),
    metadataRemoved: fc.uniqueArray(key, { maxLength: 2 }),
    tagsSet: tags,
    tagsAdded: tags,
    tagsRemoved: tags,
    heartbeatTimeoutSeconds: fc.integer({ min: 0, max: 9 }),
    firstSeenUnixNano: fc.bigInt({ min: 1n, max: 9n }),
    lifecycle,
  },
  { requiredKeys: ['timeUnixNano', 'instance'] },
);
/** Distinct changes, a shuffled list with repetitions of them, and where the state is stored and read again. */
const history = fc.array(content, { minLength: 1, maxLength: 12 }).chain((contents) => {
  const changes: RunChange[] = contents.map((change, index) => ({ ...change, uid: `u${(index * 7) % 13}-${index}` }));
  const repeated = fc.array(fc.nat(changes.length - 1), { maxLength: 8 });
  const arrivals = repeated.chain((again) =>
    fc.shuffledSubarray([...changes, ...again.map((index) => changes[index] as RunChange)], {
      minLength: changes.length + again.length,
    }),
  );
  return fc.tuple(fc.constant(changes), arrivals, fc.nat(12));
});

describe('the fold of run state', () => {
  it('gives what the changes give in the order of (time, uid), however they arrive and however often', () => {
    fc.assert(
      fc.property(history, ([changes, arrivals, storedAfter]) => {
        let state = new RunState();
        for (const [index, change] of arrivals.entries()) {
          state.fold(change);
          if (index === storedAfter) state = RunState.parse(state.serialize());
        }
        expect(viewOf(state)).toEqual(replayInOrder(changes));
      }),
      { numRuns: 3_000 },
    );
  });

  it('lets a member end its own process only, also when the end arrives before the role', () => {
    const end = change(20n, 'e', { instance: 'rank1', lifecycle: { status: 'failed' } });
    const start = change(10n, 's', { instance: 'rank1', lifecycle: { status: 'running', role: 'member' } });
    expect(foldAll([end, start]).status).toBe('running');
    expect(foldAll([end]).status).toBe('failed');
  });

  it('is not revived by a member that starts after the owner has ended the run', () => {
    const end = change(20n, 'e', { instance: 'rank0', lifecycle: { status: 'completed', role: 'owner' } });
    const late = change(21n, 's', { instance: 'rank1', lifecycle: { status: 'running', role: 'member' } });
    expect(foldAll([late, end])).toMatchObject({ status: 'completed', endedUnixNano: 20n });
  });

  it('runs again in a newer attempt, whatever the clock of the older one says', () => {
    const end = change(90n, 'e', { lifecycle: { status: 'failed', attempt: 1, exitCode: 7 } });
    const again = change(50n, 's', { lifecycle: { status: 'running', attempt: 2 } });
    expect(foldAll([again, end])).toMatchObject({ status: 'running', attempt: 2, endedUnixNano: undefined });
  });

  it('does not start a created run by data', () => {
    const created = change(10n, 'c', { lifecycle: { status: 'created' } });
    const data = change(0n, 'r', { firstSeenUnixNano: 12n });
    expect(foldAll([created, data])).toMatchObject({ status: 'created', startedUnixNano: undefined });
    expect(foldAll([data])).toMatchObject({ status: 'running', startedUnixNano: 12n });
  });

  it('keeps nested objects that replace what the same change removes', () => {
    const swap = change(5n, 's', { metadataRemoved: ['a'], metadataSet: { a: { b: 1 } } });
    expect(foldAll([swap]).metadata).toEqual(bare({ a: bare({ b: 1 }) }));
  });
});

function change(timeUnixNano: bigint, uid: string, members: Partial<RunChange>): RunChange {
  return { timeUnixNano, uid, instance: 'i', ...members };
}

function foldAll(changes: readonly RunChange[]) {
  const state = new RunState();
  for (const one of changes) state.fold(one);
  return state.view();
}

function viewOf(state: RunState) {
  const {
    name,
    folder,
    metadata,
    tags: shown,
    status,
    attempt,
    startedUnixNano,
    endedUnixNano,
    exitCode,
  } = state.view();
  const { heartbeatTimeoutSeconds } = state.view();
  const text = JSON.stringify(metadata, sortKeys);
  const all = [...shown].sort();
  return {
    name,
    folder,
    text,
    all,
    status,
    attempt,
    startedUnixNano,
    endedUnixNano,
    exitCode,
    heartbeatTimeoutSeconds,
  };
}

/** The oracle: sort, then do what each change says to plain variables. */
function replayInOrder(changes: readonly RunChange[]): ReturnType<typeof viewOf> {
  const ordered = [...changes].sort((a, b) =>
    a.timeUnixNano < b.timeUnixNano || (a.timeUnixNano === b.timeUnixNano && a.uid < b.uid) ? -1 : 1,
  );
  const metadata = bare({}) as Record<string, unknown>;
  const present = new Set<string>();
  const roles = new Map<string, string>();
  let [name, folder]: (string | undefined)[] = [];
  let heartbeatTimeoutSeconds: number | undefined;
  let firstSeen: bigint | undefined;
  for (const each of ordered) {
    name = each.name ?? name;
    folder = each.folder ?? folder;
    heartbeatTimeoutSeconds = each.heartbeatTimeoutSeconds ?? heartbeatTimeoutSeconds;
    for (const removed of each.metadataRemoved ?? []) delete metadata[removed];
    for (const [at, set] of Object.entries(each.metadataSet ?? {})) merge(metadata, at, set);
    if (each.tagsSet !== undefined) {
      present.clear();
      for (const tag of each.tagsSet) present.add(tag);
    }
    for (const tag of each.tagsRemoved ?? []) present.delete(tag);
    for (const tag of each.tagsAdded ?? []) present.add(tag);
    if (each.lifecycle?.role !== undefined) roles.set(each.instance, each.lifecycle.role);
    const seen = each.firstSeenUnixNano;
    if (seen !== undefined && (firstSeen === undefined || seen < firstSeen)) firstSeen = seen;
  }
  const words = ordered.filter((each) => each.lifecycle !== undefined);
  const newest = Math.max(0, ...words.map((each) => each.lifecycle?.attempt ?? 0));
  const counted = words.filter((each) => (each.lifecycle?.attempt ?? newest) === newest);
  const isEnd = (each: RunChange) => each.lifecycle?.status === 'completed' || each.lifecycle?.status === 'failed';
  const roleOf = (each: RunChange) => each.lifecycle?.role ?? roles.get(each.instance) ?? 'owner';
  const own = counted.filter((each) => roleOf(each) === 'owner').at(-1);
  const word = own !== undefined && isEnd(own) ? own : counted.filter((each) => !isEnd(each)).at(-1);
  const status = word?.lifecycle?.status ?? 'running';
  const start = words.find((each) => each.lifecycle?.status === 'running' && each.timeUnixNano > 0n);
  return {
    name,
    folder,
    text: JSON.stringify(metadata, sortKeys),
    all: [...present].sort(),
    status,
    attempt: Math.max(1, newest),
    startedUnixNano: start?.timeUnixNano ?? (status === 'created' ? undefined : firstSeen),
    endedUnixNano: word !== undefined && isEnd(word) ? word.timeUnixNano : undefined,
    exitCode: word?.lifecycle?.exitCode,
    heartbeatTimeoutSeconds,
  };
}

/** Objects are merged; an empty one replaces. */
function merge(target: Record<string, unknown>, at: string, set: AttributeValue): void {
  if (typeof set !== 'object' || set === null || Object.keys(set).length === 0) {
    target[at] = typeof set === 'object' && set !== null ? bare({}) : set;
    return;
  }
  const inner = target[at];
  if (typeof inner !== 'object' || inner === null) target[at] = bare({});
  for (const [next, child] of Object.entries(set)) merge(target[at] as Record<string, unknown>, next, child);
}

function bare(members: object): object {
  return Object.assign(Object.create(null), members);
}

function sortKeys(_key: string, each: unknown): unknown {
  if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
  const sorted = Object.create(null) as Record<string, unknown>;
  for (const [at, child] of Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) sorted[at] = child;
  return sorted;
}
