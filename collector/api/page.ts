import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AnswerUnknown, pathOf } from './allowed-methods.ts';

/** Styles in attributes are how the page places things; scripts come from files of this origin only. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
/** The shared worker of the page has the policy of its own file: it asks this origin, and loads nothing. */
const ASSET_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";
const NOT_BUILT =
  'The web page is not built. Run `npm run build` at the top of the repository, then reload; the API and OTLP work without it.\n';

/**
 * Serves the built page: its files (those under `/assets/` carry a hash in their names and never change), their compressed twins, and
 * `index.html` for every address that the page itself understands, such as `/runs/<id>`.
 *
 * @param webDirectory - absolute path of the build; when it is not there, page addresses answer 503 with the command that makes it.
 */
export function registerPage(server: FastifyInstance, webDirectory: string, answerUnknown: AnswerUnknown): void {
  server.register(fastifyStatic, {
    root: webDirectory,
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders(response, path) {
      const immutable = path.startsWith(join(webDirectory, 'assets/'));
      response.setHeader('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  server.addHook('onRequest', async (request, reply) => {
    if (pathOf(request).startsWith('/assets/')) reply.header('content-security-policy', ASSET_POLICY);
  });

  const sendPage = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (!existsSync(join(webDirectory, 'index.html'))) return sendNotBuilt(reply);
    return reply.header('content-security-policy', PAGE_POLICY).sendFile('index.html');
  };
  server.get('/', sendPage);
  server.get('/index.html', sendPage);

  /** The address that Simvue's clients print. */
  server.get<{ Params: { id: string } }>('/dashboard/runs/run/:id', ({ params }, reply) =>
    reply.redirect(`/runs/${encodeURIComponent(params.id)}`),
  );

  server.setNotFoundHandler((request, reply) => {
    if (isPageAddress(request)) return sendPage(request, reply);
    return answerUnknown(request, reply);
  });
}

/** A file that is missing, and what a program asks for, must not be answered with the page. */
function isPageAddress(request: FastifyRequest): boolean {
  const { accept = '*/*' } = request.headers;
  const reading = request.method === 'GET' || request.method === 'HEAD';
  return isPage(request) && reading && !pathOf(request).startsWith('/assets/') && /text\/html|^\*\/\*$/.test(accept);
}

function isPage(request: FastifyRequest): boolean {
  return !/^\/(?:api|v1|metrics|healthz|readyz)(?:\/|$)/.test(pathOf(request));
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', 60).type('text/plain; charset=utf-8').send(NOT_BUILT);
}
