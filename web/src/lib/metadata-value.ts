/** What was typed as a value of metadata: a number, `true`, `false`, `null`, a list or an object of JSON, else the text. */
export function readValue(text: string, isText = false): unknown {
  const typed = text.trim();
  // A text stays one while it is being changed, unless it becomes a list or an object.
  if (isText && !/^[[{]/.test(typed)) return text;
  try {
    return JSON.parse(typed) as unknown;
  } catch {
    return text;
  }
}

/** The value below a path of keys, as the collector merges it: `['a', 'b']` and 1 are `{a: {b: 1}}`. */
export function nested(path: readonly string[], value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path;
  return { [key]: rest.length ? nested(rest, value) : value };
}

/** Leaves of nested metadata with the path of keys that leads to each, in the order given. */
export function leaves(
  metadata: Record<string, unknown>,
  above: readonly string[] = [],
): { path: string[]; value: unknown }[] {
  return Object.entries(metadata).flatMap(([key, value]) => {
    const path = [...above, key];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject && Object.keys(value).length > 0) return leaves(value as Record<string, unknown>, path);
    return [{ path, value }];
  });
}
