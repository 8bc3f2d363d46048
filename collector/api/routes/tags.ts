import { SimvueError } from 'simvue-otel/errors';
import type { Principal } from '../../pipeline/principal.ts';
import { type Reader, readerOf } from '../../pipeline/visibility.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { TagRow } from '../../store/tag-store.ts';
import { type ApiContext, type ApiServer, checkAllWritable, notAll } from '../api-context.ts';
import { ConflictView, DoneView, IdView } from '../contract/answer.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { DEFAULT_PAGE, IdParams, MAX_PAGE, SortedPageQuerySchema } from '../contract/query.ts';
import { type TagList, TagListSchema, type TagView, TagViewSchema } from '../contract/run.ts';
import { NewTagBody, TagChangeBody } from '../contract/write.ts';
import { NEWEST_FIRST, parseSorting } from '../sorting.ts';
import { tagView } from '../views.ts';
import { mayDescribe } from './folder-edits.ts';

const SORT_COLUMNS = ['name', 'created'] as const;
/** Runs that are given another tag in one durable write. */
const RUNS_A_STEP = 500;

/** `POST|GET /tags`, `GET|PUT|DELETE /tags/{id}`; a new name and a deletion follow into runs and folders. */
export function registerTagRoutes(api: ApiServer, context: ApiContext): void {
  const { tags } = context.catalog;

  api.get(
    '/tags',
    { schema: { summary: 'Tags.', querystring: SortedPageQuerySchema, response: { 200: TagListSchema } } },
    async ({ query, principal }): Promise<TagList> => {
      const page = await tags.list({
        sort: parseSorting(query.sorting, SORT_COLUMNS, NEWEST_FIRST),
        start: query.start ?? 0,
        count: Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE),
        reader: readerOf(principal),
      });
      return { count: page.count, data: page.tags.map(tagView) };
    },
  );

  const made = { 200: IdView, 409: ConflictView };
  api.post(
    '/tags',
    { schema: { summary: 'Makes a tag.', body: NewTagBody, response: made } },
    async ({ body, principal }, reply) => {
      const { name, colour, description } = body;
      const { id, isNew } = await tags.create({
        name,
        colour: colour ?? undefined,
        description: description ?? undefined,
        user: principal.username,
      });
      if (isNew) return { id };
      return reply.code(409).send({ id, detail: `tag ${JSON.stringify(name)} already exists` });
    },
  );

  api.get(
    '/tags/:id',
    { schema: { summary: 'A tag.', params: IdParams, response: { 200: TagViewSchema } } },
    async ({ params, principal }): Promise<TagView> => {
      return tagView(await requireTag(tags, params.id, readerOf(principal)));
    },
  );

  const changed = { params: IdParams, body: TagChangeBody, response: { 200: IdView, 409: ProblemSchema } };
  api.put(
    '/tags/:id',
    { schema: { summary: 'Changes a tag, in runs and folders too.', ...changed } },
    async ({ params, body, principal }) => {
      const tag = await requireTag(tags, params.id);
      const { name, colour, description } = body;
      const isRenamed = name !== undefined && name !== tag.name;
      if (isRenamed) await checkReplaceable(context, principal, tag);
      if (!(await tags.change(tag.id, { name, colour: colour ?? undefined, description }))) {
        throw new SimvueError('SIMVUE_ERR_CONFLICT', `tag ${JSON.stringify(name)} already exists: choose another name`);
      }
      if (isRenamed) await replaceTag(context, tag.name, [name], principal.username);
      return { id: tag.id };
    },
  );

  const removed = { params: IdParams, response: { 200: DoneView } };
  api.delete(
    '/tags/:id',
    { schema: { summary: 'Deletes a tag, in runs and folders too.', ...removed } },
    async ({ params, principal }) => {
      const tag = await requireTag(tags, params.id);
      await checkReplaceable(context, principal, tag);
      await replaceTag(context, tag.name, [], principal.username);
      await tags.remove(tag.id);
      return {};
    },
  );
}

async function requireTag(tags: CatalogStore['tags'], id: string, reader?: Reader): Promise<TagRow> {
  const tag = await tags.get(id, reader);
  if (tag !== undefined) return tag;
  throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `tag ${JSON.stringify(id)} is not known here: check the id`);
}

/** @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when runs or folders carry the tag that the principal may not change. */
async function checkReplaceable(context: ApiContext, principal: Principal, { name }: TagRow): Promise<void> {
  const { tags, folders } = context.catalog;
  const doing = `change the tag ${JSON.stringify(name)} of all its runs`;
  await checkAllWritable(context, principal, await tags.runIds(name), doing);
  for (const folder of await folders.tagged(name)) if (!mayDescribe(principal, folder)) throw notAll(doing);
}

/** Takes a tag from every run and folder, and gives them others instead. */
async function replaceTag(
  { catalog, edits }: ApiContext,
  name: string,
  instead: readonly string[],
  author: string,
): Promise<void> {
  const ids = await catalog.tags.runIds(name);
  for (let start = 0; start < ids.length; start += RUNS_A_STEP) {
    const step = ids.slice(start, start + RUNS_A_STEP);
    const edit = { tagsRemoved: [name], tagsAdded: instead };
    await Promise.all(step.map((id) => edits.apply(id, edit, author).catch(unlessDeleted)));
  }
  for (const folder of await catalog.folders.tagged(name)) {
    const kept = folder.tags.filter((tag) => tag !== name);
    await catalog.folders.change({ path: folder.path, tags: [...kept, ...instead] }, edits.stamp(), folder);
  }
}

/** A run may be deleted before its turn comes. */
function unlessDeleted(error: unknown): void {
  if (error instanceof SimvueError && error.code === 'SIMVUE_ERR_NOT_FOUND') return;
  throw error;
}
