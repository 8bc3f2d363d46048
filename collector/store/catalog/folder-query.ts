import sql, { join, raw, type Sql } from 'sql-template-tag';
import { normalizeFolder } from '../../pipeline/change-limits.ts';
import type { FolderListQuery } from '../folder-store.ts';
import type { FolderFilter } from '../run-filter.ts';
import { ageCondition, leafCondition, textCondition } from './conditions.ts';
import { named } from './named.ts';

const METADATA = { table: 'folder_metadata', owner: 'folder' } as const;

/** A page of folders, by path unless sorted otherwise, and the number of all that match. */
export function folderListQueries(
  columns: string,
  { filters, sort, start, count, reader }: FolderListQuery,
  nowUnixNano: bigint,
): { readonly page: Sql; readonly total: Sql } {
  const conditions = filters.map((filter) => condition(filter, nowUnixNano));
  if (reader !== undefined) conditions.push(readableBy(reader));
  const where = conditions.length === 0 ? sql`` : sql`WHERE ${join(conditions, ' AND ')}`;
  const order = sort.map(
    ({ column, descending }) => sql`${sortTerm(column)} ${raw(descending ? 'DESC' : 'ASC')} NULLS LAST`,
  );
  const limit = count > 0 ? count : -1;
  const page = sql`SELECT ${raw(columns)} FROM folder ${where}
    ORDER BY ${join([...order, sql`path`])} LIMIT ${limit} OFFSET ${start}`;
  const total = sql`SELECT count(*) AS total FROM folder ${where}`;
  return { page, total };
}

function condition(filter: FolderFilter, nowUnixNano: bigint): Sql {
  switch (filter.kind) {
    case 'text': {
      const value = filter.column === 'path' && filter.operator === '==' ? normalizeFolder(filter.value) : filter.value;
      return textCondition(sql`folder.${named(filter.column)}`, filter.operator, value);
    }
    case 'described':
      return sql`(folder.description IS NOT NULL) = ${Number(filter.isDescribed)}`;
    case 'tag':
      return sql`EXISTS (SELECT 1 FROM json_each(folder.tags) WHERE value = ${filter.tag})`;
    case 'untagged':
      return sql`NOT EXISTS (SELECT 1 FROM json_each(folder.tags) WHERE value = ${filter.tag})`;
    case 'age':
      return ageCondition(sql`folder.${named(filter.column)}`, filter.operator, filter.seconds, nowUnixNano);
    case 'starred':
      return sql`folder.id IN (SELECT id FROM star WHERE user = ${filter.user} AND kind = 'folder')`;
    case 'metadata':
      return leafCondition(sql`folder.path`, METADATA, filter);
  }
}

/** Own and visible folders, and those that hold a run which may be read. */
function readableBy({ username, tenant, isWriterOnly }: NonNullable<FolderListQuery['reader']>): Sql {
  if (isWriterOnly) return sql`folder.user = ${username}`;
  return sql`(folder.user = ${username} OR json_extract(folder.visibility, '$.public') = 1
    OR (json_extract(folder.visibility, '$.tenant') = 1 AND folder.tenant = ${tenant})
    OR EXISTS (SELECT 1 FROM json_each(folder.visibility, '$.users') WHERE value = ${username})
    OR EXISTS (SELECT 1 FROM run r WHERE r.folder = folder.path AND (r.user = ${username} OR r.is_public = 1
      OR (r.is_tenant = 1 AND r.tenant = ${tenant}) OR r.id IN (SELECT run FROM run_reader WHERE user = ${username}))))`;
}

function sortTerm(column: FolderListQuery['sort'][number]['column']): Sql {
  if (!column.startsWith('metadata.')) return sql`folder.${named(column)}`;
  const key = column.slice('metadata.'.length);
  return sql`(SELECT coalesce(number, text) FROM folder_metadata WHERE folder_metadata.folder = folder.path AND key = ${key} LIMIT 1)`;
}
