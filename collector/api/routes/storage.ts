import { SimvueError } from 'simvue-otel/errors';
import { formatTimestamp } from 'simvue-otel/time';
import { hasScope, type Principal } from '../../pipeline/principal.ts';
import { randomId } from '../../pipeline/run-id.ts';
import { canRead, PRIVATE } from '../../pipeline/visibility.ts';
import { EMBEDDED_STORAGE_ID, type StorageRow } from '../../store/storage-store.ts';
import { type ApiContext, type ApiServer, checkWritable } from '../api-context.ts';
import { DoneView, IdView } from '../contract/answer.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams } from '../contract/query.ts';
import {
  NewStorageBody,
  StorageChangeBody,
  StorageListSchema,
  StorageUsageSchema,
  type StorageView,
  StorageViewSchema,
} from '../contract/storage.ts';
import { InvalidBody } from '../problem.ts';

const LARGEST_RUNS = 10;
const KEEPERS = 50;

/** `POST|GET /storage`, `GET /storage/usage`, `GET|PUT|DELETE /storage/{id}`: places of content; today all of it goes to the files of the data directory. */
export function registerStorageRoutes(api: ApiServer, { catalog, space }: Pick<ApiContext, 'catalog' | 'space'>): void {
  const { storages, usage } = catalog;
  const find = async (principal: Principal, id: string): Promise<StorageRow> => {
    const storage = await storages.get(id);
    if (storage !== undefined && canRead(principal, ownedStorage(storage))) return storage;
    throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `storage ${JSON.stringify(id)} is not known here: check the id`);
  };
  const findWritable = async (principal: Principal, id: string): Promise<StorageRow> => {
    const storage = await find(principal, id);
    checkWritable(principal, ownedStorage(storage), `storage ${id}`);
    return storage;
  };

  api.post(
    '/storage',
    { schema: { summary: 'Makes a storage.', body: NewStorageBody, response: { 200: IdView } } },
    async ({ body, principal }) => {
      const { name, backend, config, is_default = false, is_enabled = true, is_tenant_useable = true } = body;
      if (backend === 'S3' && !config)
        throw new InvalidBody(['config'], 'config is needed for S3: endpoint_url, bucket …');
      checkMayBeDefault(principal, is_default);
      const id = randomId();
      await storages.create({
        id,
        name,
        backend,
        config: backend === 'S3' && config ? config : {},
        isDefault: is_default,
        isEnabled: is_enabled,
        isTenantUseable: is_tenant_useable,
        user: principal.username,
        tenant: principal.tenant,
      });
      return { id };
    },
  );

  api.get(
    '/storage',
    { schema: { summary: 'Storages.', response: { 200: StorageListSchema } } },
    async ({ principal }) => {
      const rows = await storages.list();
      return rows.filter((row) => canRead(principal, ownedStorage(row))).map(storageView);
    },
  );

  api.get(
    '/storage/usage',
    { schema: { summary: 'What the data directory takes.', response: { 200: StorageUsageSchema } } },
    async () => {
      const { path, totalBytes, freeBytes, catalogueBytes, logBytes, pointBytes } = await space();
      const { runs, nextUnixNano } = usage.expiring();
      return {
        path,
        total: totalBytes,
        free: freeBytes,
        artifacts: usage.contentBytes(),
        points: pointBytes,
        log: logBytes,
        catalogue: catalogueBytes,
        largest: usage
          .largest(LARGEST_RUNS)
          .map(({ runId, name, folder, bytes }) => ({ id: runId, name, folder, received: bytes })),
        expiring: { runs, next: nextUnixNano === null ? null : formatTimestamp(nextUnixNano) },
        folders: usage.keepers(KEEPERS).map(({ path, retentionSeconds }) => ({ path, retention: retentionSeconds })),
      };
    },
  );

  api.get(
    '/storage/:id',
    { schema: { summary: 'A storage.', params: IdParams, response: { 200: StorageViewSchema } } },
    async ({ params, principal }) => storageView(await find(principal, params.id)),
  );

  api.put(
    '/storage/:id',
    {
      schema: {
        summary: 'Changes a storage.',
        params: IdParams,
        body: StorageChangeBody,
        response: { 200: IdView, 409: ProblemSchema },
      },
    },
    async ({ params, body, principal }) => {
      const { id, isDefault } = await findWritable(principal, params.id);
      checkMayBeDefault(principal, body.is_default === true);
      if (isDefault && body.is_default === false) {
        throw new SimvueError(
          'SIMVUE_ERR_CONFLICT',
          `storage ${id} is the default: make another one the default instead`,
        );
      }
      await storages.change(id, {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.is_default === undefined ? {} : { isDefault: body.is_default }),
        ...(body.is_enabled === undefined ? {} : { isEnabled: body.is_enabled }),
        ...(body.is_tenant_useable === undefined ? {} : { isTenantUseable: body.is_tenant_useable }),
      });
      return { id };
    },
  );

  api.delete(
    '/storage/:id',
    { schema: { summary: 'Deletes a storage.', params: IdParams, response: { 200: DoneView, 409: ProblemSchema } } },
    async ({ params, principal }) => {
      const { id, isDefault } = await findWritable(principal, params.id);
      const obstacle = isDefault
        ? 'is the default: make another one the default first'
        : id === EMBEDDED_STORAGE_ID
          ? 'is the data directory itself'
          : (await storages.isUsed(id))
            ? 'holds artifacts: delete them first'
            : undefined;
      if (obstacle !== undefined) throw new SimvueError('SIMVUE_ERR_CONFLICT', `storage ${id} ${obstacle}`);
      await storages.remove(id);
      return {};
    },
  );
}

/** Its owner's, and the tenant's when the tenant may use it; the embedded one is everybody's. */
function ownedStorage({ id, user, tenant, isTenantUseable }: StorageRow) {
  return { user, tenant, visibility: { ...PRIVATE, tenant: isTenantUseable, public: id === EMBEDDED_STORAGE_ID } };
}

function checkMayBeDefault(principal: Principal, isDefault: boolean): void {
  if (!isDefault || hasScope(principal, 'admin')) return;
  throw new SimvueError('SIMVUE_ERR_FORBIDDEN', 'You do not have permission to choose the default storage');
}

function storageView({ config, ...row }: StorageRow): StorageView {
  const text = (key: string): string => String(config[key] ?? '');
  const place = {
    endpoint_url: text('endpoint_url'),
    region_name: text('region_name') || null,
    bucket: text('bucket'),
  };
  return {
    id: row.id,
    name: row.name,
    backend: row.backend,
    config: row.backend === 'S3' ? place : {},
    is_default: row.isDefault,
    is_tenant_useable: row.isTenantUseable,
    is_enabled: row.isEnabled,
    created: formatTimestamp(row.createdUnixNano),
    user: row.user,
  };
}
