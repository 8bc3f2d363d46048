import type { ContentUse, ContentUseQuery } from '../store/artifact-store.ts';

const MAX_LINKS = 200;
/** Runs after each other, in one direction. */
const MAX_RUNS_IN_A_ROW = 12;

/** One run and one content that belong together; `level` as in the contract. */
export interface LineageLink {
  readonly use: ContentUse;
  readonly level: number;
}

/**
 * Follows content back to what it was made from and forth to what became of it, the nearest first; what leads back to where it came from
 * is followed once.
 *
 * @param usesOf - asks the catalogue, for a reader.
 * @returns `truncated` when there is more than 200 links, or than twelve runs in a row.
 */
export async function traceLineage(
  checksum: string,
  usesOf: (query: Omit<ContentUseQuery, 'reader'>) => Promise<readonly ContentUse[]>,
): Promise<{ readonly links: readonly LineageLink[]; readonly truncated: boolean }> {
  const links = new Map<string, LineageLink>();
  let truncated = false;

  async function follow(query: Omit<ContentUseQuery, 'reader' | 'limit'>, level?: number) {
    // Links that are known already take places of the answer too.
    const uses = await usesOf({ ...query, limit: MAX_LINKS + 1 });
    const taken: ContentUse[] = [];
    for (const use of uses) {
      const key = `${use.runId} ${use.artifactId}`;
      if (!links.has(key) && links.size === MAX_LINKS) truncated = true;
      else {
        if (!links.has(key)) links.set(key, { use, level: level ?? (use.category === 'output' ? -1 : 1) });
        taken.push(use);
      }
    }
    return taken;
  }

  const direct = await follow({ of: { checksums: [checksum] } });
  const walks = ([-1, 1] as const).map((direction) => ({
    direction,
    contents: new Set([checksum]),
    visited: new Set<string>(),
    runs: direct.filter(({ category }) => (category === 'output') === direction < 0).map(({ runId }) => runId),
  }));
  for (let distance = 1; distance <= MAX_RUNS_IN_A_ROW && walks.some(({ runs }) => runs.length > 0); distance++) {
    for (const walk of walks) {
      const [near, far] = walk.direction < 0 ? (['into', 'out'] as const) : (['out', 'into'] as const);
      const runIds = [...new Set(walk.runs)].filter((id) => !walk.visited.has(id));
      for (const id of runIds) walk.visited.add(id);
      const level = walk.direction * (2 * distance - 1);
      const held = runIds.length ? await follow({ of: { runIds }, categories: CATEGORIES[near] }, level) : [];
      const checksums = [...new Set(held.map((use) => use.checksum))].filter((found) => !walk.contents.has(found));
      for (const found of checksums) walk.contents.add(found);
      const next = level + 2 * walk.direction;
      const met = checksums.length ? await follow({ of: { checksums }, categories: CATEGORIES[far] }, next) : [];
      walk.runs = met.map(({ runId }) => runId);
    }
  }
  const isCut = walks.some(({ runs, visited }) => runs.some((id) => !visited.has(id)));
  return { links: [...links.values()], truncated: truncated || isCut };
}

const CATEGORIES = { into: ['input', 'code'], out: ['output'] } as const;
