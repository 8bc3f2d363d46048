import { PassThrough } from 'node:stream';
import { SimvueError } from 'simvue-otel/errors';
import { Type } from 'typebox';
import { canRead } from '../../pipeline/visibility.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { LiveQuerySchema } from '../contract/query.ts';

const STREAM = {
  200: {
    description: 'Server-sent events: `hello`, then `change` with the runs that changed.',
    content: { 'text/event-stream': { schema: Type.Unsafe<PassThrough>(Type.String()) } },
  },
};

/** `GET /live`: what changes, as server-sent events; ends when the server closes. */
export function registerLiveRoute(api: ApiServer, { live, catalog }: ApiContext): void {
  // Streams would keep the server from closing: they end before it waits for its connections.
  api.addHook('preClose', () => live.close());

  api.get(
    '/live',
    {
      schema: { summary: 'What changes, as it changes.', querystring: LiveQuerySchema, response: STREAM },
      exposeHeadRoute: false,
    },
    async ({ query, principal }, reply) => {
      const mayRead = (runId: string): boolean => {
        const owned = catalog.ownerOf(runId);
        return owned !== undefined && canRead(principal, owned);
      };
      const stream = new PassThrough();
      const sink = {
        write: (text: string) => stream.write(text),
        end: () => stream.end(),
        abort: () => stream.destroy(),
      };
      const subscription = live.subscribe(sink, query.run ?? [], principal.scopes.has('admin') ? undefined : mayRead);
      if (subscription === undefined) {
        throw new SimvueError(
          'SIMVUE_ERR_OVERLOADED',
          'no room for a further live stream: close other tabs, then try again',
        );
      }
      stream.on('drain', () => subscription.drained());
      stream.on('close', () => subscription.end());
      return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
    },
  );
}
