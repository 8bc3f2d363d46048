import { SimvueError } from 'simvue-otel/errors';
import { MAX_ACTIVITY } from '../../store/activity-store.ts';
import type { RunRow } from '../../store/catalog-store.ts';
import { seriesByName } from '../../store/series-by-name.ts';
import type { PageStart, SeriesSummary } from '../../store/telemetry-store.ts';
import type { ApiContext } from '../api-context.ts';
import { runOrigin } from '../views.ts';
import type { PointSection } from './point-section.ts';

/** Points that a shard reads at once: other requests of it wait for some milliseconds. */
const PAGE_POINTS = 32_768;

/**
 * Every point of some metrics of a run, a page of a series after the other.
 *
 * @param metrics - display names; undefined = all. What the run does not have is left out.
 * @throws SimvueError `SIMVUE_ERR_NOT_FOUND` when points that were there are not any more: the run was deleted.
 */
export async function* pointsOfRun(
  context: ApiContext,
  run: RunRow,
  metrics: readonly string[] | undefined,
): AsyncGenerator<PointSection> {
  const byName = seriesByName(await context.telemetry.summaries(run.id));
  const summaries = Array.from(metrics ?? byName.keys(), (name) => byName.get(name) ?? []).flat();
  if (summaries.length === 0) return;
  const attemptOf = await attempts(context, run);
  const bySeries = new Map(summaries.map((summary) => [summary.series.id, summary]));
  let missing = summaries.reduce((sum, { count }) => sum + count, 0);
  let start: PageStart | undefined;
  do {
    const query = { runId: run.id, seriesIds: [...bySeries.keys()], start, maxPoints: PAGE_POINTS };
    const page = await context.telemetry.pointPage(query);
    for (const { seriesId, columns } of page.parts) {
      const summary = bySeries.get(seriesId) as SeriesSummary;
      const { definition, instance } = summary.series;
      const originUnixNano = runOrigin(run);
      missing -= columns.count;
      yield {
        ...{ run: run.id, metric: definition.displayName, instance, attempt: attemptOf(summary) },
        ...{ originUnixNano, columns },
      };
    }
    start = page.next;
  } while (start !== undefined);
  // Newer points may have come, and none that was there is lost but with its run.
  if (missing > 0) throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `run ${run.id} was deleted while it was read`);
}

/** The attempt in which the writer of a series began; null = of points without a writer, when there were several attempts. */
async function attempts({ catalog }: ApiContext, run: RunRow): Promise<(summary: SeriesSummary) => number | null> {
  if (run.attempt <= 1) return () => run.attempt;
  const { rows } = await catalog.activity.ofRun(run.id, { field: 'attempt', start: 0, count: MAX_ACTIVITY });
  return ({ series, firstTimeUnixNano }) => {
    if (series.instance === '') return null;
    const begun = rows.find(({ timeUnixNano }) => timeUnixNano <= firstTimeUnixNano);
    return begun === undefined ? 1 : Number(begun.after);
  };
}
