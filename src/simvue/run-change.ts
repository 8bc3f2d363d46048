import { defined } from '../run-options.ts';
import { isTerminal } from '../run-status.ts';
import { EVENT, RUN_EVENT, type RunStatus } from '../semconv.ts';
import { formatTimestamp, hrTimeToUnixNano } from '../time.ts';
import type { RecordAttributes, SimvueRecord } from './log-entries.ts';

/** Body of `PUT /api/runs/{id}`, without the tags, which are a full list there. */
export type RunChange = Record<string, unknown>;

/** What a control record changes at a run. */
export interface ControlChange {
  readonly change: RunChange;
  /** Makes the new list of tags of the old one; undefined = they stay. */
  readonly tags: ((tags: readonly string[]) => string[]) | undefined;
  readonly folder: FolderChange | undefined;
}

export interface FolderChange {
  readonly path: string;
  readonly change: RunChange;
}

/** @returns undefined for a record that a Simvue server has no place for. */
export function controlChange(eventName: string, record: SimvueRecord): ControlChange | undefined {
  const names: readonly string[] = [EVENT.runStart, EVENT.runUpdate, EVENT.runEnd];
  if (!names.includes(eventName)) return undefined;
  const { attributes, hrTime } = record;
  const status = attributes[RUN_EVENT.status];
  const timestamp = formatTimestamp(hrTimeToUnixNano(hrTime));
  const notification = attributes[RUN_EVENT.notification];
  const change = defined({
    name: attributes[RUN_EVENT.name],
    description: attributes[RUN_EVENT.description],
    ttl: attributes[RUN_EVENT.retention],
    metadata: prefixed(attributes, RUN_EVENT.metadataPrefix),
    status,
    started: eventName === EVENT.runStart && status === 'running' ? timestamp : undefined,
    endtime: typeof status === 'string' && isTerminal(status as RunStatus) ? timestamp : undefined,
    notifications: notification === undefined ? undefined : { state: notification },
    visibility: visibilityOf(attributes[RUN_EVENT.visibility]),
  });
  return { change, tags: tagChange(attributes), folder: folderChange(attributes) };
}

function tagChange(attributes: RecordAttributes): ControlChange['tags'] {
  const list = (key: string) => (Array.isArray(attributes[key]) ? (attributes[key] as string[]) : undefined);
  const [set, added, removed] = [RUN_EVENT.tagsSet, RUN_EVENT.tagsAdded, RUN_EVENT.tagsRemoved].map(list);
  if (set === undefined && added === undefined && removed === undefined) return undefined;
  return (tags) => {
    const result = new Set([...(set ?? tags), ...(added ?? [])]);
    for (const tag of removed ?? []) result.delete(tag);
    return [...result];
  };
}

function folderChange(attributes: RecordAttributes): FolderChange | undefined {
  const path = attributes[RUN_EVENT.folderPath];
  if (typeof path !== 'string') return undefined;
  const change = defined({
    metadata: prefixed(attributes, RUN_EVENT.folderMetadataPrefix),
    tags: attributes[RUN_EVENT.folderTags],
    description: attributes[RUN_EVENT.folderDescription],
  });
  return { path, change };
}

function prefixed(attributes: RecordAttributes, prefix: string): RunChange | undefined {
  const found = Object.entries(attributes).filter(([key]) => key.startsWith(prefix));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Of its words: `public`, `tenant`, `private`, or names of users separated by commas. */
function visibilityOf(words: unknown): RunChange | undefined {
  if (typeof words !== 'string') return undefined;
  const isWord = words === 'public' || words === 'tenant' || words === 'private';
  return { public: words === 'public', tenant: words === 'tenant', users: isWord ? [] : words.split(',') };
}
