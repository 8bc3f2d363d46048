import { routeScope } from '../route-scope.ts';
import { commonAnswers, reasonOf } from './answers.ts';
import { nameSchemas } from './components.ts';
import type { DescribedRoute } from './described-route.ts';

interface ObjectSchema {
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

/** An answer or a body as OpenAPI writes it. */
interface Media {
  readonly description?: string;
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
}

const GROUP = /^\/(?:api\/)?([a-z_0-9]+)/;
const GROUPS: Readonly<Record<string, string>> = { v1: 'otlp', healthz: 'health', readyz: 'health' };
const SIGNED = /\/artifacts\/:id\/content$/;

/** The path of a route as OpenAPI writes it: `/api/runs/{id}`. */
export function pathOf(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}');
}

/** The operation object of a route; schemas with a name become references to it. */
export function operationOf(route: DescribedRoute): object {
  const { method, url, schema } = route;
  const parameters = [...parametersOf('path', schema.params), ...parametersOf('query', schema.querystring)];
  const answers = { ...commonAnswers(route), ...ownAnswers(schema.response) };
  return {
    tags: [groupOf(url)],
    operationId: operationId(route),
    summary: schema.summary,
    security: securityOf(method, url),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(schema.body === undefined ? {} : { requestBody: { required: true, ...media(schema.body) } }),
    responses: Object.fromEntries(Object.entries(answers).sort(([a], [b]) => Number(a) - Number(b))),
  };
}

function parametersOf(place: 'path' | 'query', schema: unknown): object[] {
  if (schema === undefined) return [];
  const { properties, required = [] } = schema as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...value }]) => ({
    name,
    in: place,
    ...(place === 'path' || required.includes(name) ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    schema: nameSchemas(value),
  }));
}

function ownAnswers(response: unknown): Record<string, object> {
  const entries = Object.entries((response ?? {}) as Record<string, object>);
  return Object.fromEntries(entries.map(([status, answer]) => [status, answerOf(status, answer)]));
}

function answerOf(status: string, answer: object): object {
  const { description = reasonOf(status) } = answer as { description?: string };
  return { description, ...('type' in answer && answer.type === 'null' ? {} : media(answer)) };
}

function media(schema: unknown): object {
  const { content } = schema as Partial<Media>;
  if (content === undefined) return { content: { 'application/json': { schema: nameSchemas(schema) } } };
  const types = Object.entries(content).map(([type, { schema, ...beside }]) => [
    type,
    { schema: nameSchemas(schema), ...beside },
  ]);
  return { content: Object.fromEntries(types) };
}

function groupOf(url: string): string {
  const [, segment = 'api'] = GROUP.exec(url) ?? [];
  return GROUPS[segment] ?? segment;
}

/** `getRunsIdAbort` of `GET /api/runs/:id/abort`, `getCollectorMetrics` of `GET /metrics`. */
function operationId({ method, url }: DescribedRoute): string {
  const place = url.startsWith('/api/') ? url.slice('/api'.length) : `/collector${url}`;
  const words = place.match(/[A-Za-z0-9]+/g) ?? [];
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

/** The last way of getting in is none: an open loopback. */
function securityOf(method: string, url: string): object[] {
  if (SIGNED.test(url)) return [{ signature: [] }];
  const scope = routeScope(method, url);
  if (scope === 'nothing') return [];
  const scopes = scope === 'good-token' ? [] : [scope === 'write' ? 'ingest' : scope];
  return [{ token: scopes }, { session: scopes }, {}];
}
