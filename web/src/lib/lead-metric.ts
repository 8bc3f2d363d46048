const TELLING = [/residual/i, /loss/i, /error/i];

/** The metric that says most of a run in one small curve: what should become less, or else its first own one; undefined without any. */
export function leadMetric(names: readonly string[]): string | undefined {
  const own = names.filter((name) => !name.startsWith('resources/'));
  for (const word of TELLING) {
    const found = own.find((name) => word.test(name));
    if (found !== undefined) return found;
  }
  return own[0];
}
