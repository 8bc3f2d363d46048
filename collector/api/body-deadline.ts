import type { FastifyInstance } from 'fastify';

const BODY_MILLISECONDS = 60_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body may take as long as bytes keep coming; the route watches over that while it reads. */
    slowBody?: boolean;
  }
}

/**
 * Ends connections whose body does not come: it must be here, whole, within this time; that of a route with `slowBody` within this time
 * after the answer, when the route did not want all of it.
 */
export function watchBodies(server: FastifyInstance, milliseconds: number = BODY_MILLISECONDS): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    const watch = (): void => {
      if (raw.complete) return;
      const late = setTimeout(() => raw.destroy(), milliseconds);
      raw.once('close', () => clearTimeout(late));
    };
    const hasBody = raw.headers['content-length'] !== undefined || raw.headers['transfer-encoding'] !== undefined;
    if (request.routeOptions.config.slowBody === true) reply.raw.once('finish', watch);
    else if (hasBody) watch();
    done();
  });
}
