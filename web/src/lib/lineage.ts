import type { Lineage } from '../../../collector/api/contract/artifact.ts';

type Use = Lineage['data'][number];

/** A run, or content that runs hand to each other, in the picture of a lineage. */
export type LineageNode = { readonly key: string; readonly row: number } & (
  | { readonly kind: 'run'; readonly use: Use }
  /** `use` names it; content that is code everywhere is shown as code. */
  | { readonly kind: 'content'; readonly use: Use; readonly isCode: boolean }
);
/** Columns from left to right: what comes first stands first. */
export interface LineageGraph {
  readonly columns: readonly { readonly level: number; readonly nodes: readonly LineageNode[] }[];
  /** Keys of nodes: from what was there to what it led to. */
  readonly edges: readonly { readonly from: string; readonly to: string; readonly backwards: boolean }[];
}

const runKey = ({ run }: Use) => `run ${run}`;
const contentKey = ({ checksum }: Use) => `content ${checksum}`;

/** Places runs and contents: a run stands where it was met first, content between who made it and who used it. */
export function lineageGraph({ checksum, data }: Pick<Lineage, 'checksum' | 'data'>): LineageGraph {
  const levels = new Map<string, number>([[`content ${checksum}`, 0]]);
  const uses = new Map<string, Use>();
  for (const use of data) {
    const runLevel = levels.get(runKey(use)) ?? use.level;
    levels.set(runKey(use), runLevel);
    const beside = use.category === 'output' ? runLevel + 1 : runLevel - 1;
    if (!levels.has(contentKey(use))) levels.set(contentKey(use), beside);
    if (!uses.has(runKey(use))) uses.set(runKey(use), use);
    if (!uses.has(contentKey(use))) uses.set(contentKey(use), use);
  }
  const numbers = [...new Set([...uses.keys()].map((key) => levels.get(key) ?? 0))].sort((a, b) => a - b);
  const columns = numbers.map((level) => ({
    level,
    nodes: [...uses]
      .filter(([key]) => levels.get(key) === level)
      .map(([key, use], row): LineageNode => {
        if (key.startsWith('run ')) return { key, row, kind: 'run', use };
        return { key, row, kind: 'content', use, isCode: isCodeOf(data, use.checksum) };
      }),
  }));
  const pairs = data.map((use) =>
    use.category === 'output' ? [runKey(use), contentKey(use)] : [contentKey(use), runKey(use)],
  );
  const edges = new Map(pairs.map(([from = '', to = '']) => [`${from} ${to}`, { from, to }]));
  const backwards = ({ from, to }: { from: string; to: string }) => (levels.get(from) ?? 0) >= (levels.get(to) ?? 0);
  return { columns, edges: [...edges.values()].map((edge) => ({ ...edge, backwards: backwards(edge) })) };
}

const isCodeOf = (data: readonly Use[], checksum: string): boolean =>
  data.every((use) => use.checksum !== checksum || use.category === 'code');
