import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkInit } from '../../../src/init-settings.ts';
import { RunTags } from '../../../src/run-tags.ts';

const many = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

test('tags beyond a thousand are left out by name, those before them and those that are there are kept', () => {
  const tags = new RunTags();
  const problems: string[] = [];
  expect(tags.add(many(999, 'a'), problems)).toHaveLength(999);
  expect(problems).toEqual([]);
  expect(tags.add(['b', 'a5', 'c', 'd'], problems)).toEqual(['b', 'a5']);
  expect(problems).toEqual(['tags: there may be 1000, which leaves no room for "c" and 1 more']);
  expect(tags.add(['c'], problems)).toEqual([]);
  expect(tags.set(['c', 'c'], problems)).toEqual(['c']);
  expect(problems).toHaveLength(2);
});

test('what is added never makes more than a thousand, and nothing is left out without a problem', () => {
  const calls = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 1200 }), fc.integer({ min: 0, max: 3 })));
  fc.assert(
    fc.property(calls, (list) => {
      const tags = new RunTags();
      let there = new Set<string>();
      for (const [replaces, count, group] of list) {
        const problems: string[] = [];
        const given = many(count, `${group}-`);
        const added = replaces ? tags.set(given, problems) : tags.add(given, problems);
        if (replaces) there = new Set();
        for (const tag of added) there.add(tag);
        expect(there.size).toBeLessThanOrEqual(1000);
        expect(problems).toHaveLength(added.length < given.length ? 1 : 0);
      }
    }),
    { numRuns: 50 },
  );
});

test('tags of init are held to the same limit', () => {
  const { options, problems } = checkInit({ tags: many(1500, 't') });
  expect(options.tags).toHaveLength(1000);
  expect(problems).toEqual([expect.stringContaining('"t1000" and 499 more')]);
});
