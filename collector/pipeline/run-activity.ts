import type { RunView } from './run-state.ts';
import type { AttributeValue } from './telemetry.ts';

/** What of a run a change was about; `metadata`, `tag` and `alert` have a key. */
export const ACTIVITY_FIELDS = [
  'run',
  'status',
  'attempt',
  'name',
  'folder',
  'description',
  'user',
  'tag',
  'metadata',
  'alert',
  'abort',
] as const;
export type ActivityField = (typeof ACTIVITY_FIELDS)[number];

/** One thing that became different; undefined = it was not there, or is not any more. */
export interface FieldChange {
  readonly field: ActivityField;
  /** The tag, the path in the metadata with dots, or the name of the alert; else empty. */
  readonly key: string;
  readonly before: AttributeValue | undefined;
  readonly after: AttributeValue | undefined;
}

const PLAIN = ['status', 'attempt', 'name', 'folder', 'description', 'user'] as const;

/** What became different from one state of a run to the next; a new run is a single change. */
export function compareStates(before: RunView | undefined, after: RunView): FieldChange[] {
  if (before === undefined) return [{ field: 'run', key: '', before: undefined, after: after.status }];
  const changes: FieldChange[] = PLAIN.filter((field) => before[field] !== after[field]).map((field) => ({
    ...{ field, key: '' },
    before: before[field],
    after: after[field],
  }));
  const [tagsBefore, tagsAfter] = [new Set(before.tags), new Set(after.tags)];
  for (const tag of before.tags) {
    if (!tagsAfter.has(tag)) changes.push({ field: 'tag', key: tag, before: tag, after: undefined });
  }
  for (const tag of after.tags) {
    if (!tagsBefore.has(tag)) changes.push({ field: 'tag', key: tag, before: undefined, after: tag });
  }
  const [leavesBefore, leavesAfter] = [leavesOf(before.metadata), leavesOf(after.metadata)];
  for (const [key, value] of leavesBefore) {
    if (!leavesAfter.has(key)) changes.push({ field: 'metadata', key, before: value, after: undefined });
  }
  for (const [key, value] of leavesAfter) {
    const former = leavesBefore.get(key);
    if (JSON.stringify(former) !== JSON.stringify(value)) {
      changes.push({ field: 'metadata', key, before: former, after: value });
    }
  }
  return changes;
}

function leavesOf(metadata: RunView['metadata']): Map<string, AttributeValue> {
  const leaves = new Map<string, AttributeValue>();
  const walk = (tree: RunView['metadata'], path: string) => {
    for (const [key, value] of Object.entries(tree)) {
      const isTree = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (isTree && Object.keys(value).length > 0) walk(value as RunView['metadata'], `${path}${key}.`);
      else leaves.set(path + key, value);
    }
  };
  walk(metadata, '');
  return leaves;
}
