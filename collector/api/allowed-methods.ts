import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Answers a request that no route takes: 405 with the methods of a known path, else 404. */
export type AnswerUnknown = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Remembers every route that is added to the server from now on. */
export function watchMethods(server: FastifyInstance): AnswerUnknown {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  server.addHook('onRoute', ({ url, method }) => {
    // The page's files: any path fits.
    if (url === '/*') return;
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    routes.set(url, route);
    for (const one of [method].flat()) route.methods.add(one);
  });
  return (request, reply) => {
    const path = pathOf(request);
    const fitting = [...routes.values()].filter(({ pattern }) => pattern.test(path));
    const methods = new Set(fitting.flatMap((route) => [...route.methods]));
    const asked = `${request.method} ${path}`;
    if (methods.size === 0 || methods.has(request.method))
      return reply.code(404).send({ detail: `${asked} is not served here: see GET /api/openapi.json` });
    const allowed = [...methods].sort().join(', ');
    return reply
      .code(405)
      .header('allow', allowed)
      .send({ detail: `${asked}: this path takes ${allowed}` });
  };
}

/** Address without its query, which may hold the signature of a URL. */
export const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] as string;

/** `/runs/:id` and `/files/*`, as Fastify writes them. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:[A-Za-z_]+|\*)/).map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`);
}
