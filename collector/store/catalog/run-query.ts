import sql, { join, raw, type Sql } from 'sql-template-tag';
import { normalizeFolder } from '../../pipeline/change-limits.ts';
import type { RunListQuery, RunSortColumn } from '../catalog-store.ts';
import type { RunFilter } from '../run-filter.ts';
import { ageCondition, leafCondition, textCondition } from './conditions.ts';
import { named } from './named.ts';
import { ALL, ALL_ROWS, entranceOf, knownTotal } from './run-entrance.ts';
import { ROW_COLUMNS } from './run-rows.ts';

/** Filters for which the row of the run itself is looked at. */
const OF_THE_ROW = new Set<RunFilter['kind']>(['folder', 'text', 'described', 'age']);
const ROW_ID = sql`r.id`;
const COLUMNS = raw(ROW_COLUMNS.join(', '));

/** The rows of a search; those of runs have the alias `r`, those of another index `e`. */
interface Search {
  readonly from: Sql;
  readonly id: Sql;
  readonly created: Sql;
  readonly where: Sql;
}

/** A page of runs, newest first unless sorted otherwise, and the number of all that match. Rows are read for the page only. */
export function runListQueries(query: RunListQuery, nowUnixNano: bigint): { readonly page: Sql; readonly total: Sql } {
  const { sort, start, count } = query;
  const counted = search(query, false, nowUnixNano);
  const isSortedByRow = sort.some(({ column }) => column !== 'created');
  const { from, id, created, where } = isSortedByRow ? search(query, true, nowUnixNano) : counted;
  const limit = count > 0 ? count : -1;
  const found = sql`SELECT ${id} FROM ${from} ${where} ${orderBy(sort, id, created, sql`r`)} LIMIT ${limit} OFFSET ${start}`;
  const order = orderBy(sort, sql`run.id`, sql`run.created`, sql`run`);
  const page = sql`SELECT ${COLUMNS} FROM run WHERE run.id IN (${found}) ${order}`;
  const total =
    knownTotal(query.filters, query.reader !== undefined) ??
    sql`SELECT count(*) AS total FROM ${counted.from} ${counted.where}`;
  return { page, total };
}

function search({ filters, reader }: RunListQuery, isSortedByRow: boolean, nowUnixNano: bigint): Search {
  const entrance = entranceOf(filters, reader !== undefined);
  const others = filters.filter((filter) => !entrance?.answers.includes(filter));
  const isRowNeeded =
    isSortedByRow ||
    reader !== undefined ||
    others.some(({ kind }) => OF_THE_ROW.has(kind) || (kind === 'status' && entrance?.status === undefined));
  const isAll = entrance === undefined || (entrance === ALL && isSortedByRow);
  const id = isAll ? ROW_ID : entrance.id;
  const status = entrance?.status ?? sql`r.status`;
  const conditions = others.map((filter) => condition(filter, id, status, nowUnixNano));
  if (entrance?.where !== undefined) conditions.unshift(entrance.where);
  if (reader !== undefined) conditions.push(readableBy(reader));
  const where = conditions.length === 0 ? sql`` : sql`WHERE ${join(conditions, ' AND ')}`;
  if (isAll) {
    // An index may answer a single condition; more, or the look into each text, go through all runs.
    const isIndexed = conditions.length < 2 && others.every(({ kind }) => kind !== 'text');
    return { from: isIndexed ? sql`run r` : ALL_ROWS, id, created: sql`r.created`, where };
  }
  const from = isRowNeeded ? sql`${entrance.rows} CROSS JOIN ${ALL_ROWS} ON r.id = ${id}` : entrance.rows;
  return { from, id, created: sql`e.created`, where };
}

function condition(filter: RunFilter, id: Sql, status: Sql, nowUnixNano: bigint): Sql {
  switch (filter.kind) {
    case 'tag':
      return sql`EXISTS (SELECT 1 FROM run_tag o WHERE o.run = ${id} AND o.tag = ${filter.tag})`;
    case 'untagged':
      return sql`NOT EXISTS (SELECT 1 FROM run_tag o WHERE o.run = ${id} AND o.tag = ${filter.tag})`;
    case 'status':
      return filter.operator === '==' ? sql`${status} = ${filter.status}` : sql`${status} <> ${filter.status}`;
    case 'folder':
      return sql`r.folder = ${normalizeFolder(filter.path)}`;
    case 'text':
      return textCondition(textColumn(filter.column), filter.operator, filter.value);
    case 'described':
      return sql`(${textColumn('description')} IS NOT NULL) = ${Number(filter.isDescribed)}`;
    case 'age':
      return ageCondition(sql`r.${named(filter.column)}`, filter.operator, filter.seconds, nowUnixNano);
    case 'starred':
      return sql`${id} IN (SELECT id FROM star WHERE user = ${filter.user} AND kind = 'run')`;
    case 'metadata':
    case 'system':
      return leafCondition(id, { table: `run_${filter.kind}`, owner: 'run' }, filter);
    case 'alert':
      return filter.field === 'status'
        ? sql`${id} IN (SELECT run FROM run_alert WHERE status = ${filter.value})`
        : sql`${id} IN (SELECT run FROM alert a JOIN run_alert ON alert = a.id WHERE a.name = ${filter.value} AND attached > 0)`;
    case 'artifact':
      return sql`${id} IN (SELECT run FROM run_artifact WHERE artifact = ${filter.id})`;
  }
}

/** Descriptions are too long for the index of lists: they are read from the row, after all other conditions. */
function textColumn(column: Extract<RunFilter, { kind: 'text' }>['column']): Sql {
  return column === 'description' ? sql`(SELECT w.description FROM run w WHERE w.id = r.id)` : sql`r.${named(column)}`;
}

/** `canRead` of the run `r`, in SQL. */
export function readableBy({ username, tenant, isWriterOnly }: NonNullable<RunListQuery['reader']>): Sql {
  if (isWriterOnly) return sql`r.user = ${username}`;
  return sql`(r.user = ${username} OR r.is_public = 1 OR (r.is_tenant = 1 AND r.tenant = ${tenant})
    OR r.id IN (SELECT run FROM run_reader WHERE user = ${username}))`;
}

/** @param run - alias of the rows of runs. */
function orderBy(sort: RunListQuery['sort'], id: Sql, created: Sql, run: Sql): Sql {
  const terms = sort.map(({ column, descending }) => {
    const term = column === 'created' ? created : sortTerm(column, id, run);
    return sql`${term} ${descending ? sql`DESC` : sql`ASC`} NULLS LAST`;
  });
  const direction = (sort.at(-1)?.descending ?? true) ? sql`DESC` : sql`ASC`;
  if (!sort.some(({ column }) => column === 'created')) terms.push(sql`${created} ${direction}`);
  return sql`ORDER BY ${join([...terms, sql`${id} ${direction}`])}`;
}

function sortTerm(column: RunSortColumn, id: Sql, run: Sql): Sql {
  if (!column.startsWith('metadata.')) return sql`${run}.${named(column)}`;
  const key = column.slice('metadata.'.length);
  return sql`(SELECT coalesce(s.number, s.text) FROM run_metadata s WHERE s.key = ${key} AND s.run = ${id})`;
}
