import type { RunStatus } from 'simvue-otel/semconv';
import { DEFAULT_TENANT, LOCAL_USER } from '../../pipeline/principal.ts';
import type { RunView } from '../../pipeline/run-state.ts';
import { PRIVATE, type Visibility } from '../../pipeline/visibility.ts';
import type { Metadata, RunRow } from '../catalog-store.ts';
import type { SqlParameter, SqlValue } from '../sqlite-database.ts';

/** Columns of which a {@link RunRow} is read. */
export const ROW_COLUMNS = [
  'id',
  'external_id',
  'name',
  'folder',
  'status',
  'description',
  'tags',
  'metadata',
  'system',
  'user',
  'created',
  'started',
  'ended',
  'modified',
  'last_sign',
  'heartbeat_timeout',
  'retention',
  'notification',
  'attempt',
  'exit_code',
  'exit_signal',
  'tenant',
  'visibility',
] as const;
/** Columns of the table `run` in the order of {@link runParameters}. */
export const RUN_COLUMNS = [...ROW_COLUMNS, 'is_tenant', 'is_public', 'lost_at', 'state'] as const;

export interface RunDefaults {
  readonly name: string;
  readonly heartbeatTimeoutSeconds: number;
}

/** The row a run has after its changes; `previous` gives what the fold does not know. */
export function makeRunRow(
  id: string,
  view: RunView,
  previous: { readonly row: RunRow; readonly lostAt: bigint | null } | undefined,
  system: Metadata,
  nowUnixNano: bigint,
  defaults: RunDefaults,
): { row: RunRow; lostAt: bigint | null } {
  const lostBefore = view.status === 'running' ? (previous?.lostAt ?? null) : null;
  const lostAt = lostBefore !== null && view.changedUnixNano <= lostBefore ? lostBefore : null;
  const timeout = view.heartbeatTimeoutSeconds ?? defaults.heartbeatTimeoutSeconds;
  const row: RunRow = {
    id,
    externalId: view.externalId ?? null,
    name: view.name ?? defaults.name,
    folder: view.folder ?? '/',
    status: lostAt === null ? view.status : 'lost',
    description: view.description || null,
    tags: view.tags,
    metadata: view.metadata,
    system,
    user: view.user ?? LOCAL_USER,
    createdUnixNano: previous?.row.createdUnixNano ?? nowUnixNano,
    startedUnixNano: view.startedUnixNano ?? null,
    endedUnixNano: view.endedUnixNano ?? lostAt,
    modifiedUnixNano: nowUnixNano,
    lastSignUnixNano: previous?.row.lastSignUnixNano ?? null,
    heartbeatTimeoutSeconds: timeout > 0 ? timeout : null,
    retentionSeconds: view.retentionSeconds || null,
    notification: view.notification ?? 'none',
    attempt: view.attempt,
    exitCode: view.exitCode ?? null,
    exitSignal: view.exitSignal ?? null,
    tenant: view.tenant ?? DEFAULT_TENANT,
    visibility: view.visibility ?? PRIVATE,
  };
  return { row, lostAt };
}

export function runParameters(row: RunRow, lostAt: bigint | null, state: string): SqlParameter[] {
  return [
    row.id,
    row.externalId,
    row.name,
    row.folder,
    row.status,
    row.description,
    JSON.stringify(row.tags),
    JSON.stringify(row.metadata),
    JSON.stringify(row.system),
    row.user,
    row.createdUnixNano,
    row.startedUnixNano,
    row.endedUnixNano,
    row.modifiedUnixNano,
    row.lastSignUnixNano,
    row.heartbeatTimeoutSeconds,
    row.retentionSeconds,
    row.notification,
    row.attempt,
    row.exitCode,
    row.exitSignal,
    row.tenant,
    JSON.stringify(row.visibility),
    row.visibility.tenant ? 1 : 0,
    row.visibility.public ? 1 : 0,
    lostAt,
    state,
  ];
}

/** @param values - columns {@link ROW_COLUMNS}, read with `bigints`. */
export function readRunRow(values: readonly SqlValue[]): RunRow {
  // biome-ignore format: the order of the columns
  const [
    id, externalId, name, folder, status, description, tags, metadata, system, user, created, started, ended,
    modified, lastSign, timeout, retention, notification, attempt, exitCode, exitSignal, tenant, visibility,
  ] = values;
  return {
    id: id as string,
    externalId: externalId as string | null,
    name: name as string,
    folder: folder as string,
    status: status as RunStatus,
    description: description as string | null,
    tags: JSON.parse(tags as string) as string[],
    metadata: parseMetadata(metadata as string),
    system: parseMetadata(system as string),
    user: user as string,
    createdUnixNano: created as bigint,
    startedUnixNano: started as bigint | null,
    endedUnixNano: ended as bigint | null,
    modifiedUnixNano: modified as bigint,
    lastSignUnixNano: lastSign as bigint | null,
    heartbeatTimeoutSeconds: numberOrNull(timeout),
    retentionSeconds: numberOrNull(retention),
    notification: notification as string,
    attempt: Number(attempt),
    exitCode: numberOrNull(exitCode),
    exitSignal: exitSignal as string | null,
    tenant: tenant as string,
    visibility: JSON.parse(visibility as string) as Visibility,
  };
}

/** JSON whose keys may be anything: `__proto__` stays data. */
export function parseMetadata(text: string): Metadata {
  return JSON.parse(text) as Metadata;
}

function numberOrNull(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
