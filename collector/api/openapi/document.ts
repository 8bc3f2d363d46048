import type { RouteOptions } from 'fastify';
import { Type } from 'typebox';
import type { ApiServer } from '../api-context.ts';
import { SIMVUE_VERSION } from '../contract/identity.ts';
import { componentAnswers } from './answers.ts';
import { componentSchemas } from './components.ts';
import type { DescribedRoute } from './described-route.ts';
import { DESCRIBED_ROUTES, routeDescription } from './described-routes.ts';
import { operationOf, pathOf } from './operation.ts';

declare module 'fastify' {
  interface FastifySchema {
    /** One sentence for the document of the API. */
    summary?: string;
  }
}

const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of `simvue-collector token create`; not needed on an open loopback.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'simvue_session',
    description: 'A browser that has signed in with `POST /api/session`.',
  },
  signature: {
    type: 'apiKey',
    in: 'query',
    name: 'signature',
    description: 'The signed URL of an artifact, good for an hour.',
  },
} as const;

/** Describes each route that is added after this in an OpenAPI 3.1 document, `GET /openapi.json`; its schemas are those that requests are checked with. */
export function registerOpenApi(api: ApiServer): void {
  const routes: DescribedRoute[] = [...DESCRIBED_ROUTES];
  api.addHook('onRoute', (route) => {
    routes.push(...describe(route));
  });
  // Answers are what the routes return; their schemas describe them, and change nothing.
  api.setSerializerCompiler(() => (answer) => JSON.stringify(answer));

  let text: string | undefined;
  const schema = { summary: 'This document.', response: { 200: Type.Unsafe<string>({ type: 'object' }) } };
  api.get('/openapi.json', { schema }, async (_request, reply) => {
    text ??= JSON.stringify(openApiDocument(routes));
    return reply.type('application/json; charset=utf-8').send(text);
  });
}

/** HEAD is as GET; for a wildcard OpenAPI has no word: {@link DESCRIBED_ROUTES} has its routes. */
function describe({ method, url, schema }: RouteOptions): DescribedRoute[] {
  return [method]
    .flat()
    .filter((name) => name !== 'HEAD' && !url.includes('*'))
    .map((name) => ({ method: name, url, schema: { ...schema, ...routeDescription(name, url) } }));
}

function openApiDocument(routes: readonly DescribedRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = pathOf(route.url);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'simvue-otel collector',
      version: SIMVUE_VERSION,
      description:
        "Runs of simulations and trainings: the REST API of Simvue's clients, what the page reads, and OTLP. A route of GET answers HEAD too.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The collector that serves this document.' }],
    paths,
    components: { schemas: componentSchemas(), responses: componentAnswers(), securitySchemes: SECURITY_SCHEMES },
  };
}
