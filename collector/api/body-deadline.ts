import type { FastifyInstance } from 'fastify';

/** A body must be here, whole, within this time. */
const BODY_MILLISECONDS = 60_000;

/** Ends connections whose body does not come; a route with `slowBody` watches over its own. */
export function watchBodies(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { raw, routeOptions } = request;
    const hasBody = raw.headers['content-length'] !== undefined || raw.headers['transfer-encoding'] !== undefined;
    if (hasBody && routeOptions.config.slowBody !== true) {
      const late = setTimeout(() => raw.destroy(), BODY_MILLISECONDS);
      raw.once('close', () => clearTimeout(late));
    }
    done();
  });
}
