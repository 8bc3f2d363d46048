import { readerOf } from '../../pipeline/visibility.ts';
import { type ApiContext, type ApiServer, requireFolder } from '../api-context.ts';
import { DEFAULT_PAGE, IdParams, ListQuerySchema, MAX_PAGE } from '../contract/query.ts';
import { type FolderList, FolderListSchema, type FolderView, FolderViewSchema } from '../contract/run.ts';
import { parseFolderFilters } from '../filter.ts';
import { parseFolderSorting } from '../sorting.ts';
import { folderView } from '../views.ts';

/** `GET /folders`, `/folders/{id}`. */
export function registerFolderRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog } = context;
  api.get(
    '/folders',
    {
      schema: {
        summary: 'Folders that fit all filters.',
        querystring: ListQuerySchema,
        response: { 200: FolderListSchema },
      },
    },
    async ({ query, principal }): Promise<FolderList> => {
      const { count, folders } = await catalog.folders.list({
        filters: parseFolderFilters(query.filters, principal.username),
        sort: parseFolderSorting(query.sorting),
        reader: readerOf(principal),
        start: query.start ?? 0,
        count: Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE),
      });
      const stars = await catalog.starred(
        principal.username,
        'folder',
        folders.map(({ id }) => id),
      );
      return { count, data: folders.map((folder) => folderView(folder, stars.has(folder.id))) };
    },
  );

  api.get(
    '/folders/:id',
    { schema: { summary: 'A folder.', params: IdParams, response: { 200: FolderViewSchema } } },
    async ({ params, principal }): Promise<FolderView> => {
      const folder = await requireFolder(context, principal, params.id);
      const stars = await catalog.starred(principal.username, 'folder', [folder.id]);
      return folderView(folder, stars.has(folder.id));
    },
  );
}
