import type { FastifyInstance } from 'fastify';
import { unavailable } from '../problem.ts';
import type { SelfMetrics } from '../self-metrics.ts';

/** @returns why the collector cannot take data now, or undefined when it can. */
export type Readiness = () => string | undefined;

/** `GET /healthz` (the process lives), `/readyz` (it can serve), `/metrics` (Prometheus text format). */
export function registerHealthRoutes(server: FastifyInstance, readiness: Readiness, metrics: SelfMetrics): void {
  server.get('/healthz', () => ({ status: 'ok' }));

  server.get('/readyz', (_request, reply) => {
    const reason = readiness();
    if (reason === undefined) return { status: 'ready' };
    const { status, retryAfterSeconds } = unavailable(reason);
    return reply.code(status).header('retry-after', retryAfterSeconds).send({ status: 'not ready', detail: reason });
  });

  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.render()),
  );
}
