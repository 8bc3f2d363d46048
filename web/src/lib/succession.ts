import type { SeriesView } from '../../../collector/api/contract/telemetry.ts';

/** What a run logged under one name: the newest series, and those that it goes on from, the oldest first. */
export interface Succession {
  readonly series: SeriesView;
  readonly earlier: readonly SeriesView[];
}

/** All series of a line, the oldest first. */
export const partsOf = ({ series, earlier }: Succession): readonly SeriesView[] => [...earlier, series];

/**
 * Series of a run in order of first appearance. Every attempt is a process with series of its own: those of one name that
 * follow each other in time are one succession, those that several processes write at the same time stay apart.
 */
export function inSuccession(series: readonly SeriesView[]): Succession[] {
  const byName = new Map<string, SeriesView[]>();
  for (const entry of series) {
    const same = byName.get(entry.name);
    if (same) same.push(entry);
    else byName.set(entry.name, [entry]);
  }
  const follows = new Map([...byName].map(([name, same]) => [name, followingInTime(same)]));
  return series.flatMap((entry) => {
    const ordered = follows.get(entry.name);
    if (!ordered) return [{ series: entry, earlier: [] }];
    return byName.get(entry.name)?.[0] === entry ? [ordered] : [];
  });
}

/** Undefined = some of them overlap. */
function followingInTime(same: readonly SeriesView[]): Succession | undefined {
  const ordered = [...same].sort((a, b) => (a.first_timestamp < b.first_timestamp ? -1 : 1));
  const follows = ordered.every(
    (entry, index) => index === 0 || (ordered[index - 1]?.last_timestamp ?? '') < entry.first_timestamp,
  );
  const series = ordered.pop();
  return follows && series ? { series, earlier: ordered } : undefined;
}
