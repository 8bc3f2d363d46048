import { leaves } from './metadata-value.ts';

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a reader wants it: text without quotes, anything else as JSON. */
export const printed = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Nested objects as rows of a dotted key and a printable value, in the order given. */
export const flatten = (value: Record<string, unknown>): [string, string][] =>
  leaves(value).map(({ path, value: leaf }) => [path.join('.'), printed(leaf)]);

const collator = new Intl.Collator('en', { numeric: true });

/** Order of dotted keys in a preview: those of the fewest parts first, which a person chose, then by name. */
export const byDepth = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a.split('.').length - b.split('.').length || collator.compare(a, b);

/** A value of metadata as text: the literal key first, then the path through nested objects; empty when there is none. */
export function metadataAt(metadata: Record<string, unknown>, key: string): string {
  if (Object.hasOwn(metadata, key)) return printed(metadata[key]);
  let value: unknown = metadata;
  for (const part of key.split('.')) {
    if (!isPlain(value) || !Object.hasOwn(value, part)) return '';
    value = value[part];
  }
  return printed(value);
}
