import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import type { AlertCommands } from '../pipeline/alert-commands.ts';
import type { ChannelHealth } from '../pipeline/alert-message.ts';
import type { LastValues } from '../pipeline/last-values.ts';
import type { Principal } from '../pipeline/principal.ts';
import type { RunDeletion } from '../pipeline/run-deletion.ts';
import type { RunEdits } from '../pipeline/run-edits.ts';
import { runIdOf } from '../pipeline/run-id.ts';
import type { Standstills } from '../pipeline/standstills.ts';
import type { TenantLimits } from '../pipeline/tenant-limits.ts';
import { canRead, canWrite, type Owned } from '../pipeline/visibility.ts';
import type { ArtifactFiles } from '../store/artifact-files.ts';
import type { CatalogStore, RunRow } from '../store/catalog-store.ts';
import type { FolderRow } from '../store/folder-store.ts';
import type { DiskSpace } from '../store/storage-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { LiveHub } from './live-hub.ts';
import type { UrlSigner } from './signed-url.ts';

/** A Fastify scope whose schemas are TypeBox types. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Content of artifacts. */
export interface ArtifactContent {
  readonly files: ArtifactFiles;
  readonly signer: UrlSigner;
  /** Largest content of an artifact. */
  readonly maxBytes: number;
}

/** Runs that are looked at before other requests get their turn: about 5 ms. */
const RUNS_A_TURN = 100;

/** What the routes read from and write to. */
export interface ApiContext {
  readonly catalog: Pick<
    CatalogStore,
    | 'getRun'
    | 'ownerOf'
    | 'listRuns'
    | 'instances'
    | 'folders'
    | 'tags'
    | 'artifacts'
    | 'storages'
    | 'accounts'
    | 'usage'
    | 'alerts'
    | 'alertStates'
    | 'outbox'
    | 'grids'
    | 'activity'
    | 'page'
    | 'isDeleted'
    | 'setStar'
    | 'starred'
    | 'requestAbort'
    | 'abortOf'
  >;
  readonly telemetry: Pick<
    TelemetryStore,
    | 'summaries'
    | 'metricsJson'
    | 'plot'
    | 'metricCells'
    | 'metricNames'
    | 'stepSpans'
    | 'openRun'
    | 'points'
    | 'pointPage'
    | 'events'
    | 'eventHistogram'
    | 'spans'
    | 'writers'
    | 'arrayAt'
    | 'arraySteps'
    | 'arraySummaries'
    | 'statistics'
  >;
  /** Measures the data directory. */
  readonly space: () => Promise<DiskSpace>;
  readonly lastValues: Pick<LastValues, 'during'>;
  readonly standstills: Pick<Standstills, 'since' | 'forget' | 'progressOf'>;
  readonly deletion: RunDeletion;
  readonly edits: RunEdits;
  readonly limits: TenantLimits;
  readonly content: ArtifactContent;
  readonly live: LiveHub;
  readonly alerts: Pick<AlertCommands, 'tell' | 'unit'>;
  /** Channels of messages about alerts. */
  readonly channels: { readonly health: readonly ChannelHealth[] };
}

/** What tells whether there is a run, and whose it is. */
type RunLookup = { readonly catalog: Pick<CatalogStore, 'getRun' | 'isDeleted'> };

/**
 * @param id - of the run, or what its program called it: any text becomes an id in the same way as on arrival.
 * @throws SimvueError `SIMVUE_ERR_NOT_FOUND` when there is no such run, or none that the principal may read.
 */
export async function requireRun({ catalog }: RunLookup, principal: Principal, id: string): Promise<RunRow> {
  const identity = runIdOf(id, principal.tenant);
  const run = 'refused' in identity ? undefined : await catalog.getRun(identity.runId);
  if (run !== undefined && canRead(principal, run)) return run;
  const reason = run === undefined && catalog.isDeleted(id) ? 'was deleted' : 'is not known here: check the id';
  throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `run ${JSON.stringify(id)} ${reason}`);
}

/** Those of some runs that are there and for this reader: a row of a page may be gone by now. */
export async function readableRuns(
  { catalog }: RunLookup,
  principal: Principal,
  ids: readonly string[],
): Promise<RunRow[]> {
  const runs: RunRow[] = [];
  for (const [index, id] of ids.entries()) {
    await takeTurns(index);
    const run = await catalog.getRun(id);
    if (run !== undefined && canRead(principal, run)) runs.push(run);
  }
  return runs;
}

/** As {@link requireRun}, of several. */
export async function requireRuns(context: RunLookup, principal: Principal, ids: readonly string[]): Promise<RunRow[]> {
  const runs: RunRow[] = [];
  for (const [index, id] of ids.entries()) {
    await takeTurns(index);
    runs.push(await requireRun(context, principal, id));
  }
  return runs;
}

async function takeTurns(index: number): Promise<void> {
  if (index % RUNS_A_TURN === RUNS_A_TURN - 1) await setImmediate();
}

/** As {@link requireRun}. @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when the principal may read the run but not change it. */
export async function requireWritableRun(context: RunLookup, principal: Principal, id: string): Promise<RunRow> {
  const run = await requireRun(context, principal, id);
  checkWritable(principal, run, `run ${id}`);
  return run;
}

/** {@link requireWritableRun} for other layers. */
export function writableRunCheck(catalog: Pick<CatalogStore, 'getRun' | 'isDeleted'>) {
  return async (principal: Principal, runId: string): Promise<void> => {
    await requireWritableRun({ catalog }, principal, runId);
  };
}

/** As {@link requireRun}, for folders. */
export async function requireFolder({ catalog }: ApiContext, principal: Principal, id: string): Promise<FolderRow> {
  const folder = await catalog.folders.get(id);
  if (folder !== undefined && canRead(principal, folder)) return folder;
  throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `folder ${JSON.stringify(id)} is not known here: check the id`);
}

/** @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when the principal may not change what it can read. */
export function checkWritable(principal: Principal, owned: Pick<Owned, 'user'>, what: string): void {
  if (canWrite(principal, owned)) return;
  throw new SimvueError(
    'SIMVUE_ERR_FORBIDDEN',
    `You do not have permission to change ${what}: it belongs to ${owned.user}`,
  );
}

/** @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when the principal may not change all of these runs. */
export async function checkAllWritable(
  { catalog }: ApiContext,
  principal: Principal,
  ids: readonly string[],
  doing: string,
): Promise<void> {
  for (const [index, id] of ids.entries()) {
    await takeTurns(index);
    const owned = catalog.ownerOf(id);
    if (owned === undefined || canWrite(principal, owned)) continue;
    throw notAll(doing);
  }
}

/** @param doing - what some of others' are in the way of. */
export function notAll(doing: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_FORBIDDEN', `You do not have permission to ${doing}: some belong to others`);
}
