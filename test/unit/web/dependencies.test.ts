import { expect, test } from 'vitest';
import type { Lineage } from '../../../collector/api/contract/artifact.ts';
import { BUBBLE_RADIUS, DEPENDENCY_KINDS, dependencyPicture } from '../../../web/src/lib/dependencies.ts';

const use = (run: string, checksum: string, category: 'code' | 'input' | 'output', level: number) =>
  ({ run, checksum, category, level, run_name: run, artifact_name: checksum }) as Lineage['data'][number];
const lineage = {
  checksum: 'mesh',
  data: [
    use('mesher', 'mesh', 'output', -1),
    use('mesher', 'script', 'code', -1),
    ...Array.from({ length: 12 }, (_, index) => use(`solver ${index}`, 'mesh', 'input', 1)),
  ],
};

test('each run and content is a bubble that covers no other, and the same answer gives the same picture', () => {
  const { bubbles, links } = dependencyPicture(lineage, new Set(DEPENDENCY_KINDS));
  expect(bubbles.map(({ kind }) => kind).sort()).toEqual(['artifact', 'code', ...Array(13).fill('run')]);
  expect(links).toHaveLength(14);
  for (const a of bubbles)
    for (const b of bubbles) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(2 * BUBBLE_RADIUS);
  expect(dependencyPicture(lineage, new Set(DEPENDENCY_KINDS)).bubbles).toEqual(bubbles);
});

test('what is left out takes its links along', () => {
  const { bubbles, links } = dependencyPicture(lineage, new Set(['artifact', 'code']));
  expect(bubbles.map(({ use: { checksum } }) => checksum).sort()).toEqual(['mesh', 'script']);
  expect(links).toEqual([]);
});
