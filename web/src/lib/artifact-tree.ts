import type { ArtifactView } from '../../../collector/api/contract/artifact.ts';

/** A line of the tree: a folder, or a file with its artifact. */
export interface TreeRow {
  /** Unique in the tree. */
  readonly path: string;
  readonly label: string;
  /** From 0. */
  readonly depth: number;
  readonly artifact?: ArtifactView;
  /** Files below a folder. */
  readonly count: number;
  readonly isOpen: boolean;
}

const CATEGORIES = [
  ['code', 'Code'],
  ['input', 'Inputs'],
  ['output', 'Outputs'],
] as const;

/**
 * The visible lines of the tree: code, inputs and outputs, below them the folders that names contain.
 *
 * @param closed - paths of folders that are shut.
 */
export function treeRows(artifacts: readonly ArtifactView[], closed: ReadonlySet<string>, search: string): TreeRow[] {
  const wanted = search.toLowerCase();
  const found = artifacts.filter(({ name }) => name.toLowerCase().includes(wanted));
  return CATEGORIES.flatMap(([category, label]) => {
    const files = found.filter((artifact) => (artifact.category ?? 'output') === category);
    return files.length ? folderRows(category, label, 0, files.map(split), closed) : [];
  });
}

interface Entry {
  readonly artifact: ArtifactView;
  readonly parts: readonly string[];
}

function split(artifact: ArtifactView): Entry {
  const parts = artifact.name.split('/').filter((part) => part !== '' && part !== '.');
  return { artifact, parts: parts.length ? parts : [artifact.name] };
}

function folderRows(
  path: string,
  label: string,
  depth: number,
  entries: readonly Entry[],
  closed: ReadonlySet<string>,
): TreeRow[] {
  const isOpen = !closed.has(path);
  const row = { path, label, depth, count: entries.length, isOpen };
  if (!isOpen) return [row];
  const folders = new Map<string, Entry[]>();
  const files: Entry[] = [];
  for (const entry of entries) {
    const [folder = '', ...rest] = entry.parts;
    if (rest.length === 0) files.push(entry);
    else folders.set(folder, [...(folders.get(folder) ?? []), { ...entry, parts: rest }]);
  }
  const byName = (a: readonly [string, unknown], b: readonly [string, unknown]) => a[0].localeCompare(b[0]);
  return [
    row,
    ...[...folders]
      .sort(byName)
      .flatMap(([name, inner]) => folderRows(`${path}/${name}`, name, depth + 1, inner, closed)),
    ...files
      .sort((a, b) => (a.parts[0] ?? '').localeCompare(b.parts[0] ?? ''))
      .map(({ artifact, parts: [name = ''] }) => ({
        path: `${path}#${artifact.id}`,
        label: name,
        depth: depth + 1,
        artifact,
        count: 1,
        isOpen: false,
      })),
  ];
}
