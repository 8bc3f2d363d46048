import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { Principal } from '../../pipeline/principal.ts';
import type { RunRow } from '../../store/catalog-store.ts';
import { type ApiContext, type ApiServer, readableRuns } from '../api-context.ts';
import { ComparisonQuerySchema, ComparisonSchema } from '../contract/comparison.ts';
import type { Json } from '../python-json.ts';
import { parseStringList } from '../query-value.ts';
import { runJson } from '../run-json.ts';
import { seriesView } from '../views.ts';

const MAX_RUNS = 100;
/** Runs that are read at a time: an answer waits in memory for a few runs only. */
const RUNS_AT_A_TIME = 8;

/** `GET /comparison`: all that a comparison shows of some runs, but the points, in one answer. */
export function registerComparisonRoute(api: ApiServer, context: ApiContext): void {
  const asking = { querystring: ComparisonQuerySchema, response: { 200: Type.Unsafe<Readable>(ComparisonSchema) } };
  api.get(
    '/comparison',
    { schema: { summary: 'Some runs with their series and inputs.', ...asking } },
    async ({ query, principal }, reply) => {
      const runs = await readableRuns(context, principal, parseStringList('runs', query.runs, MAX_RUNS));
      const print = async function* () {
        yield '{"data":[';
        for (let first = 0; first < runs.length; first += RUNS_AT_A_TIME) {
          const some = runs.slice(first, first + RUNS_AT_A_TIME);
          const read = await Promise.all(some.map((run) => comparedJson(context, principal, run)));
          for (const [index, pieces] of read.entries()) {
            if (first + index > 0) yield ',';
            yield* pieces;
          }
        }
        yield ']}';
      };
      return reply.type('application/json; charset=utf-8').send(Readable.from(print(), { objectMode: false }));
    },
  );
}

async function comparedJson(context: ApiContext, principal: Principal, run: RunRow): Promise<Json[]> {
  const [view, summaries, inputs] = await Promise.all([
    runJson(context, principal, run),
    context.telemetry.summaries(run.id),
    context.catalog.artifacts.ofRun(run.id, { category: 'input' }),
  ]);
  const series = summaries.filter(({ count }) => count > 0).map(seriesView);
  const named = inputs.map(({ artifact: { id, name, checksum } }) => ({ id, name, checksum }));
  return ['{"run":', ...view, `,"series":${JSON.stringify(series)},"inputs":${JSON.stringify(named)}}`];
}
