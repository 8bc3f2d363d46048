import type { ActivityView } from '../../../collector/api/contract/activity.ts';

/** A value as it was written, short enough for a line. */
export function valueText(json: string | null): string {
  if (json === null) return '–';
  // Cut off by the collector: no JSON any more, shown as it is.
  if (json.endsWith('…')) return json;
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What happened, as the beginning of a sentence; values follow where `values` is true. */
export function activityWords({ field, key, before, after }: ActivityView): { text: string; values: boolean } {
  switch (field) {
    case 'run':
      return { text: `created, ${valueText(after)}`, values: false };
    case 'tag':
      return { text: after === null ? `tag ${key} removed` : `tag ${key} added`, values: false };
    case 'attempt':
      return { text: `attempt ${valueText(after)} began`, values: false };
    case 'alert':
      return { text: `alert ${key} ${after === '"critical"' ? 'fires' : 'is over'}`, values: false };
    case 'metadata':
      return { text: after === null ? `${key} removed` : before === null ? `${key} added` : key, values: true };
    default:
      return { text: field, values: true };
  }
}

/** Who did it: a user, a writer of the run, or the collector. */
export function actorOf({ author, instance, field, after }: ActivityView): string {
  if (author) return author;
  if (instance) return `process ${instance.slice(0, 8)}`;
  if (field === 'alert') return 'the alert';
  return field === 'status' && after === '"lost"' ? 'collector, no sign of life' : 'the program';
}
