import { alertsOfEvents } from '../../pipeline/event-alerts.ts';
import type { RunRow } from '../../store/catalog-store.ts';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import {
  DEFAULT_PAGE,
  DEFAULT_PLOT_POINTS,
  EventsQuerySchema,
  HistogramQuerySchema,
  IdParams,
  PlotQuerySchema,
} from '../contract/query.ts';
import {
  type EventHistogram,
  EventHistogramSchema,
  type EventList,
  EventListSchema,
  type Plot,
  PlotSchema,
  type SeriesList,
  SeriesListSchema,
} from '../contract/telemetry.ts';
import { plotView } from '../plot-view.ts';
import { InvalidQuery } from '../problem.ts';
import { isTrue, parseTimeParameter } from '../query-value.ts';
import { roundBins } from '../round-bins.ts';
import { eventView, histogramView, leastSeverity, runOrigin, seriesView } from '../views.ts';

const DEFAULT_BINS = 60;

/** `GET /runs/{id}/series`, `/plot`, `/events`, `/events/histogram`: what the page reads, beyond Simvue's API. */
export function registerRunTelemetryRoutes(api: ApiServer, context: ApiContext): void {
  const { telemetry, catalog, alerts } = context;

  api.get(
    '/runs/:id/series',
    { schema: { summary: 'Series of a run.', params: IdParams, response: { 200: SeriesListSchema } } },
    async ({ params, principal }): Promise<SeriesList> => {
      const run = await requireRun(context, principal, params.id);
      const [summaries, writers] = await Promise.all([telemetry.summaries(run.id), telemetry.writers(run.id)]);
      return {
        data: summaries.filter(({ count }) => count > 0).map(seriesView),
        writers: writers.map(({ instance, missing, droppedAttributes }) => ({
          instance,
          missing,
          dropped_attributes: droppedAttributes,
        })),
      };
    },
  );

  api.get(
    '/runs/:id/plot',
    {
      schema: {
        summary: 'Points or buckets of series.',
        params: IdParams,
        querystring: PlotQuerySchema,
        response: { 200: PlotSchema },
      },
    },
    async ({ params, query, principal }): Promise<Plot> => {
      const run = await requireRun(context, principal, params.id);
      const plot = await telemetry.plot({
        runId: run.id,
        seriesIds: [...new Set(query.series)],
        axis: query.xaxis ?? 'step',
        originUnixNano: runOrigin(run),
        totals: isTrue(query.totals),
        from: query.from,
        to: query.to,
        maxPoints: query.max_points ?? DEFAULT_PLOT_POINTS,
      });
      return { data: plot.map(plotView) };
    },
  );

  api.get(
    '/runs/:id/events',
    {
      schema: {
        summary: 'Events of a run with all they have.',
        params: IdParams,
        querystring: EventsQuerySchema,
        response: { 200: EventListSchema },
      },
    },
    async ({ params, query, principal }): Promise<EventList> => {
      const run = await requireRun(context, principal, params.id);
      const page = await telemetry.events({
        runId: run.id,
        start: query.start ?? 0,
        count: query.count ?? DEFAULT_PAGE,
        descending: query.order === 'desc',
        contains: query.contains,
        minSeverity: query.level === undefined ? undefined : leastSeverity(query.level),
        fromUnixNano: query.from === undefined ? undefined : parseTimeParameter('from', query.from),
        toUnixNano: query.to === undefined ? undefined : parseTimeParameter('to', query.to),
      });
      const matched = await alertsOfEvents(catalog, alerts.unit, run.id, page.events);
      return { count: page.total, data: page.events.map((event, index) => eventView(event, matched[index] ?? [])) };
    },
  );

  api.get(
    '/runs/:id/events/histogram',
    {
      schema: {
        summary: 'Numbers of events by level over time.',
        params: IdParams,
        querystring: HistogramQuerySchema,
        response: { 200: EventHistogramSchema },
      },
    },
    async ({ params, query, principal }): Promise<EventHistogram> => {
      const run = await requireRun(context, principal, params.id);
      const life = await lifeOf(run, context);
      const from = query.from === undefined ? life.from : parseTimeParameter('from', query.from);
      const to = query.to === undefined ? life.to : parseTimeParameter('to', query.to);
      if (to <= from) throw new InvalidQuery('to', 'to must be later than from');
      const most = query.bins ?? DEFAULT_BINS;
      // A range that was asked for holds nothing beside it.
      const isWhole = query.from === undefined && query.to === undefined;
      const bins = isWhole ? roundBins(from, to, most) : { from, to: to + 1n, count: most };
      return histogramView(await telemetry.eventHistogram(run.id, bins.from, bins.to - 1n, bins.count));
    },
  );
}

/** From the start of the run or its first event to just after its end (or last sign of life) or its last event. */
async function lifeOf(run: RunRow, { telemetry }: ApiContext): Promise<{ from: bigint; to: bigint }> {
  const edge = async (descending: boolean): Promise<bigint | undefined> =>
    (await telemetry.events({ runId: run.id, start: 0, count: 1, descending })).events[0]?.timeUnixNano;
  const [first, last] = await Promise.all([edge(false), edge(true)]);
  const start = runOrigin(run);
  const end = run.endedUnixNano ?? run.lastSignUnixNano ?? start;
  const times = [start, end, first ?? start, last ?? start].sort((a, b) => (a < b ? -1 : 1));
  return { from: times.at(0) ?? start, to: (times.at(-1) ?? end) + 1n };
}
