import { formatTimestamp } from 'simvue-otel/time';
import { SPAN_KINDS, SPAN_STATUSES, type SpanRecord } from '../../pipeline/span.ts';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { DEFAULT_PAGE, IdParams } from '../contract/query.ts';
import { type SpanList, SpanListSchema, SpansQuerySchema, type SpanView } from '../contract/span.ts';
import { parseTimeParameter } from '../query-value.ts';

/** `GET /runs/{id}/spans`: what arrived as traces. */
export function registerSpanRoutes(api: ApiServer, context: ApiContext): void {
  const schema = { params: IdParams, querystring: SpansQuerySchema, response: { 200: SpanListSchema } };
  api.get(
    '/runs/:id/spans',
    { schema: { summary: 'Spans of a run; the one that began first comes first.', ...schema } },
    async ({ params, query, principal }): Promise<SpanList> => {
      const run = await requireRun(context, principal, params.id);
      const page = await context.telemetry.spans({
        runId: run.id,
        start: query.start ?? 0,
        count: query.count ?? DEFAULT_PAGE,
        name: query.name,
        fromUnixNano: query.from === undefined ? undefined : parseTimeParameter('from', query.from),
        toUnixNano: query.to === undefined ? undefined : parseTimeParameter('to', query.to),
      });
      return { count: page.total, data: page.spans.map(spanView) };
    },
  );
}

function spanView(span: SpanRecord & { readonly instance: string }): SpanView {
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    trace_state: span.traceState,
    flags: span.flags,
    scope: span.scope,
    name: span.name,
    kind: SPAN_KINDS[span.kind] ?? 'unspecified',
    start: formatTimestamp(span.startTimeUnixNano),
    end: formatTimestamp(span.endTimeUnixNano),
    duration: Number(span.endTimeUnixNano - span.startTimeUnixNano) / 1e9,
    status: SPAN_STATUSES[span.statusCode] ?? 'unset',
    status_message: span.statusMessage,
    attributes: span.attributes,
    events: span.events.map(({ timeUnixNano, name, attributes }) => ({
      timestamp: formatTimestamp(timeUnixNano),
      name,
      attributes,
    })),
    links: span.links.map((link) => ({
      trace_id: link.traceId,
      span_id: link.spanId,
      trace_state: link.traceState,
      flags: link.flags,
      attributes: link.attributes,
    })),
    instance: span.instance,
  };
}
