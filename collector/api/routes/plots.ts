import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { type ApiContext, type ApiServer, readableRuns } from '../api-context.ts';
import { DEFAULT_PLOT_POINTS, PlotsQuerySchema } from '../contract/query.ts';
import { PlotsSchema } from '../contract/telemetry.ts';
import { plotView } from '../plot-view.ts';
import { InvalidQuery } from '../problem.ts';
import { isTrue, parseJson } from '../query-value.ts';
import { runOrigin } from '../views.ts';

const MAX_RUNS = 100;
const MAX_SERIES = 200;
/** Runs that the shards read at a time: all of them work, and an answer waits in memory for a few runs only. */
const RUNS_AT_A_TIME = 8;

/** `GET /plots`: the lines of a plot of several runs in one answer, printed run by run. */
export function registerPlotsRoute(api: ApiServer, context: ApiContext): void {
  const asking = { querystring: PlotsQuerySchema, response: { 200: Type.Unsafe<Readable>(PlotsSchema) } };
  api.get(
    '/plots',
    { schema: { summary: 'Points or buckets of series of several runs.', ...asking } },
    async ({ query, principal }, reply) => {
      const asked = parseSeries(query.series);
      const common = {
        axis: query.xaxis ?? 'step',
        totals: isTrue(query.totals),
        from: query.from,
        to: query.to,
        maxPoints: query.max_points ?? DEFAULT_PLOT_POINTS,
      } as const;
      const runs = await readableRuns(context, principal, [...asked.keys()]);
      const plots = runs.map((run) => () => {
        const seriesIds = [...new Set(asked.get(run.id))];
        return context.telemetry.plot({ ...common, runId: run.id, seriesIds, originUnixNano: runOrigin(run) });
      });
      const print = async function* () {
        let mark = '{"data":{';
        for (let first = 0; first < runs.length; first += RUNS_AT_A_TIME) {
          const read = await Promise.all(plots.slice(first, first + RUNS_AT_A_TIME).map((plot) => plot()));
          for (const [index, series] of read.entries()) {
            yield `${mark}${JSON.stringify(runs[first + index]?.id)}:[`;
            for (const [place, one] of series.entries()) yield `${place ? ',' : ''}${JSON.stringify(plotView(one))}`;
            mark = '],';
          }
        }
        yield runs.length ? ']}}' : `${mark}}}`;
      };
      return reply.type('application/json; charset=utf-8').send(Readable.from(print(), { objectMode: false }));
    },
  );
}

/** @throws InvalidQuery when the text is not a JSON object of lists of ids by run. */
function parseSeries(text: string): Map<string, readonly number[]> {
  const value = parseJson('series', text);
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const isIds = (ids: unknown): ids is number[] => Array.isArray(ids) && ids.length > 0 && ids.every(Number.isInteger);
  if (entries.length === 0 || !entries.every(([, ids]) => isIds(ids))) {
    throw new InvalidQuery('series', 'series must be a JSON object of ids of series by run, such as {"a run":[1,2]}');
  }
  const bySeries = new Map(entries as [string, number[]][]);
  const count = [...bySeries.values()].reduce((sum, ids) => sum + ids.length, 0);
  if (bySeries.size > MAX_RUNS || count > MAX_SERIES) {
    throw new InvalidQuery('series', `series names more than ${MAX_RUNS} runs or ${MAX_SERIES} series`);
  }
  return bySeries;
}
