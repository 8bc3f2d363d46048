import { SimvueError } from 'simvue-otel/errors';
import { normalizeFolder } from '../../pipeline/change-limits.ts';
import type { Principal } from '../../pipeline/principal.ts';
import { canWrite } from '../../pipeline/visibility.ts';
import type { FolderRow } from '../../store/folder-store.ts';
import { type ApiContext, type ApiServer, checkAllWritable, checkWritable, requireFolder } from '../api-context.ts';
import { ConflictView, IdView, StarView } from '../contract/answer.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams } from '../contract/query.ts';
import {
  FolderChangeBody,
  FolderDeletionQuery,
  FolderDeletionView,
  NewFolderBody,
  StarBody,
} from '../contract/write.ts';
import { isTrue } from '../query-value.ts';
import { folderDetails } from '../run-body.ts';

/** `POST /folders`, `PUT|DELETE /folders/{id}` and star. */
export function registerFolderEditRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog, edits } = context;

  const made = { 200: IdView, 409: ConflictView };
  const making = { summary: 'Makes a folder, and those above it.', body: NewFolderBody, response: made };
  api.post('/folders', { schema: making }, async ({ body: { path, ...body }, principal }, reply) => {
    const details = folderDetails(normalizeFolder(path), body);
    const owner = { user: principal.username, tenant: principal.tenant };
    const { id, isNew } = await catalog.folders.create(details, edits.stamp(), owner);
    if (isNew) return { id };
    // Simvue's sender says all of a folder as it makes it; a run that it sent before may have made the folder, too.
    const folder = Object.keys(body).length > 0 ? await catalog.folders.get(id) : undefined;
    if (folder !== undefined && mayDescribe(principal, folder)) {
      await catalog.folders.change(details, edits.stamp(), folder);
      return { id };
    }
    return reply.code(409).send({ id, detail: `folder ${details.path} already exists` });
  });

  const changed = { 200: IdView, 409: ProblemSchema };
  api.put(
    '/folders/:id',
    { schema: { summary: 'Changes a folder.', params: IdParams, body: FolderChangeBody, response: changed } },
    async ({ params, body, principal }) => {
      const folder = await requireFolder(context, principal, params.id);
      checkDescribable(principal, folder);
      if (body.path !== undefined && normalizeFolder(body.path) !== folder.path) {
        throw new SimvueError(
          'SIMVUE_ERR_CONFLICT',
          'the path of a folder is its identity: make a new folder, and move its runs',
        );
      }
      await catalog.folders.change(folderDetails(folder.path, body), edits.stamp(), folder);
      return { id: folder.id };
    },
  );

  api.put(
    '/folders/:id/starred',
    { schema: { summary: 'Gives or takes a star.', params: IdParams, body: StarBody, response: { 200: StarView } } },
    async ({ params, body, principal }) => {
      const { id } = await requireFolder(context, principal, params.id);
      await catalog.setStar(principal.username, 'folder', id, body.starred);
      return { id, starred: body.starred };
    },
  );

  const deleted = { 200: FolderDeletionView, 409: ProblemSchema };
  const deletion = { params: IdParams, querystring: FolderDeletionQuery, response: deleted };
  api.delete(
    '/folders/:id',
    { schema: { summary: 'Deletes a folder.', ...deletion } },
    async ({ params, query, principal }) => {
      const folder = await requireFolder(context, principal, params.id);
      const recursive = isTrue(query.recursive);
      const runsOnly = isTrue(query.runs_only);
      const runs = await catalog.folders.runIds(folder.path, recursive);
      const folders = runsOnly ? [] : recursive ? await catalog.folders.tree(folder.path) : [folder];
      for (const one of folders) checkWritable(principal, one, `folder ${one.path}`);
      if (runs.length > 0 && !runsOnly && !isTrue(query.runs)) {
        const detail = `folder ${folder.path} holds ${runs.length} runs: delete them too with runs=True, or move them`;
        throw new SimvueError('SIMVUE_ERR_CONFLICT', detail);
      }
      await checkAllWritable(context, principal, runs, `delete all runs of ${folder.path}`);
      await context.deletion.delete(runs);
      await catalog.folders.remove(folders.map(({ id }) => id));
      return { folders: folders.map(({ id }) => id), runs: [...runs] };
    },
  );
}

/** Folders of a run's path are made by whoever comes first; within a tenant their details are everybody's. */
export function mayDescribe(principal: Principal, folder: FolderRow): boolean {
  return principal.tenant === folder.tenant || canWrite(principal, folder);
}

/** @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when the principal may not change the details of the folder. */
export function checkDescribable(principal: Principal, folder: FolderRow): void {
  if (!mayDescribe(principal, folder)) checkWritable(principal, folder, `folder ${folder.path}`);
}
