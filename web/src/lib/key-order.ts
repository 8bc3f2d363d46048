const collator = new Intl.Collator('en', { numeric: true });

/** Order of names: `probe 9` before `probe 10`. */
export const compareKeys = (a: string, b: string): number => collator.compare(a, b);

/** Order of dotted keys in a preview: those of the fewest parts first, which a person chose, then by name. */
export const byDepth = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a.split('.').length - b.split('.').length || compareKeys(a, b);
