/** Tells lines of a card apart: series have numbers of their own in each run. */
export const lineKey = ({
  runId,
  series,
}: {
  readonly runId: string;
  readonly series: { readonly id: number };
}): string => `${runId} ${series.id}`;
