import sql, { join, raw, type Sql } from 'sql-template-tag';
import { normalizeFolder } from '../../pipeline/change-limits.ts';
import type { MetricColumn, RunListQuery, RunSortColumn } from '../catalog-store.ts';
import type { RunFilter } from '../run-filter.ts';
import { ageCondition, leafCondition, numberCondition, textCondition } from './conditions.ts';
import { named } from './named.ts';
import { readableBy } from './reach.ts';
import { ALL, ALL_ROWS, type Entrance, entranceOf, knownTotal, ofLastValues } from './run-entrance.ts';
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
  const { filters, reader, sort } = query;
  const counted = search(query, nowUnixNano, { isRowNeeded: false });
  const found = isByRow(sort) ? search(query, nowUnixNano, { isRowNeeded: true }) : counted;
  const total = knownTotal(filters, reader) ?? countOf(counted);
  return { page: pageOf(found, query), total };
}

/**
 * The page in two parts, when the first order is that of a metric: runs of which it is a number, along its values, and the others after them. Quicker than to
 * look up the value of each match when there are many.
 */
export function metricOrderQueries(query: RunListQuery, metric: MetricColumn, nowUnixNano: bigint) {
  const [first, ...rest] = query.sort;
  const entrance = ofLastValues(metric, query.filters);
  const having = search(query, nowUnixNano, { isRowNeeded: isByRow(rest), entrance });
  const sort = rest.length > 0 ? rest : [{ column: 'created', descending: first?.descending ?? true } as const];
  const lacking = search(query, nowUnixNano, { isRowNeeded: isByRow(sort), lacks: metric });
  return {
    having: pageOf(having, query, sql`e.value`),
    countHaving: countOf(having),
    /** @param start - of the page among these. */
    lacking: (start: number, count: number): Sql => pageOf(lacking, { ...query, sort, start, count }),
  };
}

const isByRow = (sort: RunListQuery['sort']): boolean => sort.some(({ column }) => column !== 'created');
const countOf = ({ from, where }: Search): Sql => sql`SELECT count(*) AS total FROM ${from} ${where}`;

/** @param first - the first order, where the rows have it. */
function pageOf({ from, id, created, where }: Search, { sort, start, count }: RunListQuery, first?: Sql): Sql {
  const limit = count > 0 ? count : -1;
  const found = sql`SELECT ${id} FROM ${from} ${where} ${orderBy(sort, id, created, sql`r`, first)} LIMIT ${limit} OFFSET ${start}`;
  const order = orderBy(sort, sql`run.id`, sql`run.created`, sql`run`);
  return sql`SELECT ${COLUMNS} FROM run WHERE run.id IN (${found}) ${order}`;
}

interface SearchOptions {
  /** True when the order is by columns of the row. */
  readonly isRowNeeded: boolean;
  /** Where the search begins; absent = where the fewest runs are left. */
  readonly entrance?: Entrance;
  /** A metric that the runs do not have, or that is not a number. */
  readonly lacks?: MetricColumn;
}

function search({ filters, reader }: RunListQuery, nowUnixNano: bigint, options: SearchOptions): Search {
  const { entrance = entranceOf(filters, reader !== undefined), lacks } = options;
  const others = filters.filter((filter) => !entrance?.answers.includes(filter));
  const isRowNeeded =
    options.isRowNeeded ||
    reader !== undefined ||
    others.some(({ kind }) => OF_THE_ROW.has(kind) || (kind === 'status' && entrance?.status === undefined));
  const isAll = entrance === undefined || (entrance === ALL && options.isRowNeeded);
  const id = isAll ? ROW_ID : entrance.id;
  const status = entrance?.status ?? sql`r.status`;
  const conditions = others.map((filter) => condition(filter, id, status, nowUnixNano));
  if (entrance?.where !== undefined) conditions.unshift(entrance.where);
  if (reader !== undefined) conditions.push(readableBy(reader));
  if (lacks !== undefined) conditions.push(sql`(${lastValue(lacks, id)}) IS NULL`);
  const where = conditions.length === 0 ? sql`` : sql`WHERE ${join(conditions, ' AND ')}`;
  if (isAll) {
    // An index may answer a single condition; more, or the look into each text, go through all runs.
    const isIndexed =
      conditions.length < 2 &&
      others.every((filter) => filter.kind !== 'text' && !(filter.kind === 'folder' && filter.isDeep));
    return { from: isIndexed ? sql`run r` : ALL_ROWS, id, created: sql`r.created`, where };
  }
  const from = isRowNeeded ? sql`${entrance.rows} CROSS JOIN ${ALL_ROWS} ON r.id = ${id}` : entrance.rows;
  return { from, id, created: entrance.created, where };
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
      return inFolder(normalizeFolder(filter.path), filter.isDeep);
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
    case 'number':
      return numberCondition(id, filter);
    case 'artifact':
      return sql`${id} IN (SELECT run FROM run_artifact WHERE artifact = ${filter.id})`;
  }
}

function inFolder(path: string, isDeep: boolean): Sql {
  if (!isDeep) return sql`r.folder = ${path}`;
  if (path === '/') return sql`TRUE`;
  // What begins with the path and a slash lies before the path and the character after it.
  return sql`(r.folder = ${path} OR (r.folder > ${`${path}/`} AND r.folder < ${`${path}0`}))`;
}

/** Descriptions are too long for the index of lists: they are read from the row, after all other conditions. */
function textColumn(column: Extract<RunFilter, { kind: 'text' }>['column']): Sql {
  return column === 'description' ? sql`(SELECT w.description FROM run w WHERE w.id = r.id)` : sql`r.${named(column)}`;
}

/**
 * @param run - alias of the rows of runs.
 * @param first - stands for the first column.
 */
function orderBy(sort: RunListQuery['sort'], id: Sql, created: Sql, run: Sql, first?: Sql): Sql {
  const terms = sort.map(({ column, descending }, index) => {
    const term = (index === 0 ? first : undefined) ?? (column === 'created' ? created : sortTerm(column, id, run));
    return sql`${term} ${descending ? sql`DESC` : sql`ASC`} NULLS LAST`;
  });
  const direction = (sort.at(-1)?.descending ?? true) ? sql`DESC` : sql`ASC`;
  if (!sort.some(({ column }) => column === 'created')) terms.push(sql`${created} ${direction}`);
  return sql`ORDER BY ${join([...terms, sql`${id} ${direction}`])}`;
}

function sortTerm(column: RunSortColumn, id: Sql, run: Sql): Sql {
  const metric = metricOf(column);
  if (metric !== undefined) return sql`(${lastValue(metric, id)})`;
  if (!column.startsWith('metadata.')) return sql`${run}.${named(column)}`;
  const key = column.slice('metadata.'.length);
  return sql`(SELECT coalesce(s.number, s.text) FROM run_metadata s WHERE s.key = ${key} AND s.run = ${id})`;
}

/** The column, where it is that of the last values of a metric. */
export function metricOf(column: RunSortColumn | undefined): MetricColumn | undefined {
  return column?.startsWith('metrics.') ? (column as MetricColumn) : undefined;
}

const lastValue = (metric: MetricColumn, id: Sql): Sql =>
  sql`SELECT v.value FROM memory.last_value v WHERE v.number = ${metric} AND v.run = ${id}`;
