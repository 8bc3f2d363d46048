const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nested objects as rows of a dotted key and a printable value, in the order given. */
export function flatten(value: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    const path = prefix ? `${prefix}.${key}` : key;
    if (isPlain(inner) && Object.keys(inner).length > 0) return flatten(inner, path);
    return [[path, typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? '')]];
  });
}
