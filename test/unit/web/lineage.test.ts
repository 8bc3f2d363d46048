import { describe, expect, it } from 'vitest';
import type { Lineage } from '../../../collector/api/contract/artifact.ts';
import { lineageGraph } from '../../../web/src/lib/lineage.ts';

type Use = Lineage['data'][number];
const use = (run: string, category: Use['category'], checksum: string, level: number): Use => ({
  ...{ run, run_name: run, folder: '/', status: 'completed', artifact: `${run} ${checksum}`, artifact_name: checksum },
  ...{ category, added: '2026-01-01T00:00:00.000000', checksum, level },
});
const places = (checksum: string, data: readonly Use[]) =>
  lineageGraph({ checksum, data: [...data] }).columns.map(({ level, nodes }) => [level, nodes.map(({ key }) => key)]);

describe('the picture of a lineage', () => {
  it('stands from left to right: source, maker, content, user, product', () => {
    const data = [
      use('solve', 'output', 'field', -1),
      use('plot', 'input', 'field', 1),
      use('solve', 'code', 'solver', -1),
      use('plot', 'output', 'picture', 1),
    ];
    expect(places('field', data)).toEqual([
      [-2, ['content solver']],
      [-1, ['run solve']],
      [0, ['content field']],
      [1, ['run plot']],
      [2, ['content picture']],
    ]);
    const { columns, edges } = lineageGraph({ checksum: 'field', data });
    expect(edges.every(({ backwards }) => !backwards)).toBe(true);
    expect(edges).toContainEqual({ from: 'content field', to: 'run plot', backwards: false });
    expect(columns[0]?.nodes[0]).toMatchObject({ kind: 'content', isCode: true });
  });

  it('shows a run that reads what it writes once, with a line back', () => {
    const data = [use('loop', 'output', 'state', -1), use('loop', 'input', 'state', 1)];
    expect(places('state', data)).toEqual([
      [-1, ['run loop']],
      [0, ['content state']],
    ]);
    expect(lineageGraph({ checksum: 'state', data }).edges).toEqual([
      { from: 'run loop', to: 'content state', backwards: false },
      { from: 'content state', to: 'run loop', backwards: true },
    ]);
  });

  it('is empty without a run', () => {
    expect(lineageGraph({ checksum: 'x', data: [] })).toEqual({ columns: [], edges: [] });
  });
});
