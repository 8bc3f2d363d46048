import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { RunRow } from '../../store/catalog-store.ts';
import { type ApiContext, type ApiServer, requireRuns } from '../api-context.ts';
import { attachment } from '../content-disposition.ts';
import { POINT_FORMATS, type PointFormat, PointsQuerySchema } from '../contract/points.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { PointExports } from '../points/point-export.ts';
import { parseStringList } from '../query-value.ts';

const MAX_RUNS = 5_000;
const MAX_METRICS = 1_000;
const MEDIA_TYPES: Record<PointFormat, string> = {
  csv: 'text/csv',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
};
const FILE = { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) };

/** `GET /points`: every point of some runs as a file. */
export function registerPointRoute(api: ApiServer, context: ApiContext): void {
  const exports = new PointExports(context);
  const content = Object.fromEntries(POINT_FORMATS.map((format) => [MEDIA_TYPES[format], FILE]));
  const response = { 200: { description: 'A table with a row a point.', content }, 404: ProblemSchema };
  const summary = 'Every point of some runs as a file: CSV, JSON or Parquet.';
  api.get(
    '/points',
    { schema: { summary, querystring: PointsQuerySchema, response } },
    async ({ query, principal, headers }, reply) => {
      const runs = await requireRuns(context, principal, parseStringList('runs', query.runs, MAX_RUNS));
      const metrics = query.metrics === undefined ? undefined : parseStringList('metrics', query.metrics, MAX_METRICS);
      const format = query.format ?? acceptedFormat(headers.accept ?? '');
      const file = exports.file({ runs, metrics, format });
      // What fails before the first row is answered in words.
      await once(file, 'readable');
      return reply
        .type(format === 'parquet' ? MEDIA_TYPES[format] : `${MEDIA_TYPES[format]}; charset=utf-8`)
        .header('content-disposition', attachment(`${fileName(runs, metrics)}.${format}`))
        .send(file);
    },
  );
}

/** Of the formats that the asker names the first, else CSV. */
function acceptedFormat(accept: string): PointFormat {
  const named = POINT_FORMATS.map((format) => ({ format, at: accept.indexOf(MEDIA_TYPES[format]) }));
  return named.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)[0]?.format ?? 'csv';
}

function fileName(runs: readonly RunRow[], metrics: readonly string[] | undefined): string {
  const [metric, run] = [metrics?.[0], runs[0]];
  if (metrics?.length === 1 && metric !== undefined) return metric.replaceAll('/', '_');
  return runs.length === 1 && run !== undefined ? run.name.replaceAll('/', '_') : 'points';
}
