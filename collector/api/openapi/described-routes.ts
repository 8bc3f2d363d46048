import { Type } from 'typebox';
import { ContentForm } from '../contract/artifact.ts';
import { ArrayQuery, ArrayView, RunMetricParams, SpanListSchema, StepListSchema } from '../contract/grid.ts';
import { ArraysMessage, EventsMessage, MetricsMessage, StoredArraysView, StoredView } from '../contract/ingest.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams } from '../contract/query.ts';
import type { DescribedRoute, RouteDescription } from './described-route.ts';

const msgpack = (schema: object) => ({ content: { 'application/msgpack': { schema } } });
const text = { type: 'string' } as const;

/** What routes below `/api` do not say of themselves: those of the receiver nothing, and a body that a route reads while it streams. */
const BESIDE: Readonly<Record<string, RouteDescription>> = {
  'POST /api/metrics': {
    summary: 'Stores values of a run.',
    body: msgpack(MetricsMessage),
    response: { 200: StoredView, 404: ProblemSchema },
  },
  'POST /api/events': {
    summary: 'Stores messages of a run.',
    body: msgpack(EventsMessage),
    response: { 200: StoredView, 404: ProblemSchema },
  },
  'POST /api/runs/:id/metrics': {
    summary: 'Stores arrays of multi-dimensional metrics of a run.',
    params: IdParams,
    body: msgpack(ArraysMessage),
    response: { 200: StoredArraysView },
  },
  'POST /api/artifacts/:id/content': { body: { content: { 'multipart/form-data': { schema: ContentForm } } } },
};

/** A message of OTLP, as protobuf or JSON. */
const otlp = (description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } }, 'application/x-protobuf': { schema: {} } },
});
const STATUS_MESSAGE = otlp('A `google.rpc.Status` that says why.');
const OTLP_ERRORS = Object.fromEntries([400, 401, 403, 413, 415, 503].map((status) => [status, STATUS_MESSAGE]));
const exported = (signal: string, message: string): DescribedRoute => ({
  method: 'POST',
  url: `/v1/${signal}`,
  schema: {
    summary: `Stores ${signal} of OTLP/HTTP; 200 once they are durable.`,
    body: otlp(`An \`Export${message}ServiceRequest\`.`),
    response: {
      200: otlp(`An \`Export${message}ServiceResponse\`; its partial success counts what was refused.`),
      ...OTLP_ERRORS,
    },
  },
});

const ofArray = (what: 'values' | 'span' | 'steps', schema: RouteDescription): DescribedRoute => ({
  method: 'GET',
  url: `/api/runs/:id/metrics/:metric/${what}`,
  schema: { params: RunMetricParams, ...schema },
});

/** Routes that cannot tell about themselves: those outside of `/api`, and a pattern that OpenAPI has no word for. */
export const DESCRIBED_ROUTES: readonly DescribedRoute[] = [
  ofArray('values', {
    summary: 'An array of a multi-dimensional metric.',
    querystring: ArrayQuery,
    response: { 200: ArrayView },
  }),
  ofArray('steps', { summary: 'Steps of the arrays of a metric.', response: { 200: StepListSchema } }),
  ofArray('span', { summary: 'First and last array of a metric.', response: { 200: SpanListSchema } }),
  exported('metrics', 'Metrics'),
  exported('logs', 'Logs'),
  exported('traces', 'Trace'),
  {
    method: 'GET',
    url: '/healthz',
    schema: { summary: 'The process lives.', response: { 200: Type.Object({ status: Type.Literal('ok') }) } },
  },
  {
    method: 'GET',
    url: '/readyz',
    schema: {
      summary: 'The collector can serve.',
      response: {
        200: Type.Object({ status: Type.Literal('ready') }),
        503: Type.Object({ status: Type.Literal('not ready'), detail: Type.String() }),
      },
    },
  },
  {
    method: 'GET',
    url: '/metrics',
    schema: {
      summary: "The collector's own metrics, as Prometheus reads them.",
      response: { 200: { description: 'Text format 0.0.4.', content: { 'text/plain': { schema: text } } } },
    },
  },
];

/** What is known of a route below `/api` besides its own words. */
export function routeDescription(method: string, url: string): RouteDescription | undefined {
  return BESIDE[`${method} ${url}`];
}
