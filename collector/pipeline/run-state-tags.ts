import { MAX_TAGS } from 'simvue-otel/semconv';
import { type Register, type Stamp, writeRegister } from './run-state-register.ts';

/** Per tag the last word, added at a position of its change or removed; and when all were removed by a `set`. */
export interface TagState {
  clearedAt: Stamp;
  readonly tags: Map<string, Register<number>>;
}

const REMOVED = -1;

export function emptyTags(): TagState {
  return { clearedAt: '', tags: new Map() };
}

export interface TagChange {
  readonly tagsSet?: readonly string[];
  readonly tagsAdded?: readonly string[];
  readonly tagsRemoved?: readonly string[];
}

/** Within one change: `set`, then removed, then added. */
export function foldTags(state: TagState, stamp: Stamp, change: TagChange): void {
  for (const tag of change.tagsRemoved ?? []) writeRegister(state.tags, tag, stamp, REMOVED);
  if (change.tagsSet !== undefined && stamp > state.clearedAt) state.clearedAt = stamp;
  const removed = new Set(change.tagsRemoved);
  const kept = (change.tagsSet ?? []).filter((tag) => !removed.has(tag));
  const added = new Set([...kept, ...(change.tagsAdded ?? [])]);
  for (const [position, tag] of [...added].entries()) {
    writeRegister(state.tags, tag, stamp, position);
  }
}

/** Tags in the order they were added. */
export function tagsOf(state: TagState): string[] {
  return [...state.tags]
    .filter(([, [stamp, position]]) => position !== REMOVED && stamp >= state.clearedAt)
    .sort(([, [a, i]], [, [b, k]]) => (a < b ? -1 : a > b ? 1 : i - k))
    .slice(0, MAX_TAGS)
    .map(([tag]) => tag);
}

export type TagData = readonly [clearedAt: Stamp, tags: readonly (readonly [string, Register<number>])[]];

export function tagData(state: TagState): TagData {
  return [state.clearedAt, [...state.tags]];
}

export function tagState([clearedAt, tags]: TagData): TagState {
  return { clearedAt, tags: new Map(tags) };
}
