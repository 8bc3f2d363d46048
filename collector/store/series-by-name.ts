import type { SeriesSummary } from './telemetry-store.ts';

/** Series with points by the name that REST gives them: several instances of a metric are one. */
export function seriesByName(summaries: readonly SeriesSummary[]): ReadonlyMap<string, readonly SeriesSummary[]> {
  const groups = new Map<string, SeriesSummary[]>();
  for (const summary of summaries) {
    if (summary.count === 0) continue;
    const name = summary.series.definition.displayName;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [summary]);
    else group.push(summary);
  }
  return groups;
}
