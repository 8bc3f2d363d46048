import { SimvueError } from 'simvue-otel/errors';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { DEFAULT_PAGE, IdParams, ListQuerySchema, MAX_PAGE } from '../contract/query.ts';
import type { FolderList, FolderView, TagList } from '../contract/run.ts';
import { parseFolderFilters } from '../filter.ts';
import { folderView, tagView } from '../views.ts';

/** `GET /folders`, `/folders/{id}`, `/tags`; all come in the order of the catalogue. */
export function registerFolderRoutes(api: ApiServer, { catalog }: ApiContext): void {
  api.get('/folders', { schema: { querystring: ListQuerySchema } }, async ({ query }): Promise<FolderList> => {
    const { count, folders } = await catalog.listFolders({
      ...parseFolderFilters(query.filters),
      start: query.start ?? 0,
      count: Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE),
    });
    return { count, data: folders.map(folderView) };
  });

  api.get('/folders/:id', { schema: { params: IdParams } }, async ({ params: { id } }): Promise<FolderView> => {
    const folder = await catalog.getFolder(id);
    if (folder !== undefined) return folderView(folder);
    throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `folder ${JSON.stringify(id)} is not known here: check the id`);
  });

  api.get('/tags', { schema: { querystring: ListQuerySchema } }, async ({ query }): Promise<TagList> => {
    const tags = await catalog.listTags();
    const start = query.start ?? 0;
    const page = tags.slice(start, start + Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE));
    return { count: tags.length, data: page.map(tagView) };
  });
}
