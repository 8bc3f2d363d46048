import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import type { RunResolver } from '../pipeline/run-resolver-port.ts';
import type { CatalogStore, RunRow } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { LiveHub } from './live-hub.ts';

/** A Fastify scope whose schemas are TypeBox types. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the routes read from and write to. */
export interface ApiContext {
  readonly catalog: Pick<
    CatalogStore,
    'getRun' | 'listRuns' | 'instances' | 'listFolders' | 'getFolder' | 'listTags' | 'deleteRun' | 'isDeleted'
  >;
  readonly telemetry: Pick<TelemetryStore, 'summaries' | 'plot' | 'events' | 'eventHistogram' | 'deleteRun'>;
  readonly resolver: Pick<RunResolver, 'forget'>;
  readonly live: LiveHub;
}

/** @throws SimvueError `SIMVUE_ERR_NOT_FOUND` when there is no such run. */
export async function requireRun({ catalog }: ApiContext, id: string): Promise<RunRow> {
  const run = await catalog.getRun(id);
  if (run !== undefined) return run;
  const reason = catalog.isDeleted(id) ? 'was deleted' : 'is not known here: check the id';
  throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `run ${JSON.stringify(id)} ${reason}`);
}
