import { markNonFinite } from './non-finite.ts';
import { type Register, type Stamp, writeRegister } from './run-state-register.ts';
import type { AttributeValue } from './telemetry.ts';

/** Per path (keys as JSON) the last value written there; an empty list = removed. Objects are split into their leaves. */
export type MetadataState = Map<string, Register<readonly [] | readonly [AttributeValue]>>;

type Tree = { [key: string]: AttributeValue };

export function foldMetadata(
  state: MetadataState,
  stamp: Stamp,
  set: Readonly<Record<string, AttributeValue>> | undefined,
  removed: readonly string[] | undefined,
): void {
  for (const key of removed ?? []) writeRegister(state, JSON.stringify([key]), stamp, []);
  for (const [key, value] of Object.entries(set ?? {})) foldLeaves(state, stamp, [key], value);
}

function foldLeaves(state: MetadataState, stamp: Stamp, path: string[], value: AttributeValue): void {
  if (isRecord(value) && Object.keys(value).length > 0) {
    for (const [key, child] of Object.entries(value)) foldLeaves(state, stamp, [...path, key], child);
  } else {
    const hasNoWord = typeof value === 'number' && !Number.isFinite(value);
    writeRegister(state, JSON.stringify(path), stamp, [hasNoWord ? markNonFinite(value) : value]);
  }
}

/** The metadata after all writes in the order of their stamps; objects without prototype. */
export function metadataOf(state: MetadataState): Tree {
  const root = emptyTree();
  const writes = [...state].sort(([p, [a]], [q, [b]]) => (a < b ? -1 : a > b ? 1 : p.length - q.length));
  for (const [path, [, value]] of writes) write(root, JSON.parse(path) as string[], value[0]);
  return root;
}

function write(root: Tree, path: readonly string[], value: AttributeValue | undefined): void {
  let tree = root;
  for (const key of path.slice(0, -1)) {
    const child = tree[key];
    if (child === undefined || !isRecord(child)) tree[key] = emptyTree();
    tree = tree[key] as Tree;
  }
  const last = path.at(-1) as string;
  if (value === undefined) delete tree[last];
  else tree[last] = isRecord(value) ? emptyTree() : value;
}

function isRecord(value: AttributeValue): value is { readonly [key: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function emptyTree(): Tree {
  return Object.create(null) as Tree;
}
