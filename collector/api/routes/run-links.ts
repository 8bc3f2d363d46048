import type { RunRow } from '../../store/catalog-store.ts';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { IdParams } from '../contract/query.ts';
import { type RunLinks, RunLinksSchema } from '../contract/run-links.ts';
import { runOrigin } from '../views.ts';

/** `GET /runs/{id}/links`: where else a run can be looked at. */
export function registerRunLinkRoutes(api: ApiServer, context: ApiContext, grafanaUrl: string | undefined): void {
  api.get(
    '/runs/:id/links',
    { schema: { summary: 'Other places that show a run.', params: IdParams, response: { 200: RunLinksSchema } } },
    async ({ params, principal }): Promise<RunLinks> => {
      const run = await requireRun(context, principal, params.id);
      return { grafana: grafanaUrl === undefined ? null : grafanaLink(grafanaUrl, run) };
    },
  );
}

/** The template with the id of the run and its time, in milliseconds since the epoch as Grafana counts; `now` while it runs. */
export function grafanaLink(template: string, run: RunRow): string {
  const milliseconds = (unixNano: bigint) => String(unixNano / 1_000_000n);
  const to = run.endedUnixNano === null ? 'now' : milliseconds(run.endedUnixNano + 999_999n);
  const values: Readonly<Record<string, string>> = { run: run.id, from: milliseconds(runOrigin(run)), to };
  return template.replace(/\{(run|from|to)\}/g, (whole, name: string) => encodeURIComponent(values[name] ?? whole));
}
