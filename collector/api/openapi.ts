import swagger from '@fastify/swagger';
import type { RouteOptions } from 'fastify';
import type { ApiServer } from './api-context.ts';
import { ProblemSchema } from './contract/problem.ts';

/** What any route may answer besides its own. */
const COMMON_ANSWERS = {
  400: 'The request cannot be read.',
  401: 'The token is not known, or is no longer valid.',
  403: 'The principal may not do this.',
  404: 'There is no such object, or none that the principal may read.',
  409: 'It does not fit what is there; `id` names the object that is there already.',
  413: 'The body is too large.',
  415: 'The content type is not served.',
  422: 'A field is wrong; `detail` names it and the fix.',
  503: 'The collector has no room now: try again after `Retry-After` seconds.',
} as const;
/** Path segment → group in the document. */
const GROUP = /^\/api\/([a-z_]+)/;

/** Documents each route that is added after this, at `GET /openapi.json`: request parts by their schemas, answers with the common ones added. */
export async function registerOpenApi(api: ApiServer, version: string): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'simvue-otel collector',
        version,
        description: "Runs of simulations and trainings: the REST API of Simvue's clients, and what the page reads.",
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { token: [] }],
    },
    refResolver: { buildLocalReference: ({ $id }, _baseUri, _fragment, index) => String($id ?? `schema${index}`) },
  });
  api.addSchema({ $id: 'Problem', ...ProblemSchema });
  // Answers are what the routes return; their schemas describe them, and change nothing.
  api.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  api.addHook('onRoute', (route) => document(route));
  api.get('/openapi.json', { schema: { hide: true } }, () => api.swagger());
}

function document(route: RouteOptions): void {
  const schema = route.schema ?? {};
  const answers = Object.entries(COMMON_ANSWERS).map(([status, description]) => [
    status,
    { description, content: { 'application/json': { schema: { $ref: 'Problem#' } } } },
  ]);
  const [, group = 'api'] = GROUP.exec(route.url) ?? [];
  route.schema = {
    tags: [group],
    operationId: operationId(route),
    ...schema,
    response: {
      200: { type: 'object', description: 'Done.' },
      ...Object.fromEntries(answers),
      ...(schema.response ?? {}),
    },
  };
}

/** `getRunsIdAbort` of `GET /api/runs/:id/abort`. */
function operationId({ method, url }: RouteOptions): string {
  const words = url.replace(/^\/api/, '').match(/[A-Za-z]+/g) ?? [];
  return [String(method).toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}
