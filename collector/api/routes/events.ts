import { Readable } from 'node:stream';
import { formatTimestamp } from 'simvue-otel/time';
import { Type } from 'typebox';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { DEFAULT_PAGE, SimvueEventsQuerySchema, SimvueHistogramQuerySchema } from '../contract/query.ts';
import { SimvueEventListSchema, SimvueHistogramSchema } from '../contract/telemetry.ts';
import { parseEventFilters } from '../filter.ts';
import { InvalidQuery } from '../problem.ts';
import { parseTimeParameter } from '../query-value.ts';
import { simvueEventView } from '../views.ts';

/** Events read from the store at a time. */
const EVENTS_PER_PIECE = 5000;
const MAX_BINS = 10_000;

/** `GET /events`, `/events/histogram` in Simvue's shapes. */
export function registerEventRoutes(api: ApiServer, context: ApiContext): void {
  const listed = { 200: Type.Unsafe<Readable>(SimvueEventListSchema), 404: ProblemSchema };
  const list = { querystring: SimvueEventsQuerySchema, response: listed };
  api.get(
    '/events',
    { schema: { summary: 'Events of a run, the oldest first.', ...list } },
    async ({ query, principal }, reply) => {
      const { id } = await requireRun(context, principal, query.run);
      const text = eventsJson(
        context,
        id,
        query.start ?? 0,
        query.count ?? DEFAULT_PAGE,
        parseEventFilters(query.filters),
      );
      return reply.type('application/json; charset=utf-8').send(Readable.from(text, { objectMode: false }));
    },
  );

  const counted = { 200: SimvueHistogramSchema, 404: ProblemSchema };
  const counting = { querystring: SimvueHistogramQuerySchema, response: counted };
  api.get(
    '/events/histogram',
    { schema: { summary: 'Numbers of events over time.', ...counting } },
    async ({ query, principal }) => {
      const from = parseTimeParameter('timestamp_begin', query.timestamp_begin);
      const to = parseTimeParameter('timestamp_end', query.timestamp_end);
      if (to <= from) throw new InvalidQuery('timestamp_end', 'timestamp_end must be later than timestamp_begin');
      const bins = Math.ceil(Number(to - from) / (query.window * 1e9));
      if (bins > MAX_BINS)
        throw new InvalidQuery('window', `window gives ${bins} bins, more than ${MAX_BINS}: widen it`);
      const { id } = await requireRun(context, principal, query.run);
      const lastBinEnd = from + BigInt(Math.round(bins * query.window * 1e9));
      const counted = await context.telemetry.eventHistogram(id, from, lastBinEnd, bins);
      return {
        data: counted.map(({ fromUnixNano, error, warn, info, debug }) => ({
          timestamp: formatTimestamp(fromUnixNano),
          count: error + warn + info + debug,
        })),
      };
    },
  );
}

/** Writes `{"count", "data"}`, oldest first, piece by piece; `count` 0 = to the end. */
async function* eventsJson(
  { telemetry }: ApiContext,
  runId: string,
  start: number,
  count: number,
  contains: string | undefined,
): AsyncGenerator<string> {
  const end = count === 0 ? Number.POSITIVE_INFINITY : start + count;
  const read = (from: number) => {
    const wanted = Math.min(EVENTS_PER_PIECE, end - from);
    return telemetry.events({ runId, start: from, count: wanted, descending: false, contains });
  };
  let page = await read(start);
  yield `{"count":${page.total},"data":[`;
  for (let next = start; page.events.length > 0; ) {
    const entries = page.events.map((event) => JSON.stringify(simvueEventView(event))).join(',');
    yield next === start ? entries : `,${entries}`;
    next += page.events.length;
    if (next >= end || page.events.length < EVENTS_PER_PIECE) break;
    page = await read(next);
  }
  yield ']}';
}
