import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { normalizeFolder } from '../../pipeline/change-limits.ts';
import type { RunFilter, RunListQuery, RunSortColumn } from '../catalog-store.ts';
import { INDEXED_CHARACTERS } from './run-table.ts';

type Sql = RawBuilder<unknown>;

/** Compiles queries; they are run by the adapter of the database. */
const compiler = new Kysely<object>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Where matching runs are found: with a tag in the index of tags, which knows status and creation as well. */
interface Source {
  readonly table: Sql;
  readonly id: Sql;
  readonly status: Sql;
  readonly created: Sql;
  /** Alias of the rows of runs. */
  readonly run: Sql;
}
const RUNS: Source = { table: sql`run r`, id: sql`r.id`, status: sql`r.status`, created: sql`r.created`, run: sql`r` };
const TAGS: Source = {
  table: sql`run_tag t`,
  id: sql`t.run`,
  status: sql`t.status`,
  created: sql`t.created`,
  run: sql`r`,
};
const TAGGED_RUNS: Source = { ...TAGS, table: sql`run_tag t JOIN run r ON r.id = t.run` };

const PAGE: Source = { ...RUNS, id: sql`run.id`, created: sql`run.created`, run: sql`run` };

/** A page of runs, newest first unless sorted otherwise, and the number of all that match. Rows are read for the page only. */
export function runListQueries({ filters, sort, start, count }: RunListQuery): {
  readonly page: CompiledQuery;
  readonly total: CompiledQuery;
} {
  const tag = filters.find((filter) => filter.kind === 'tag');
  const needsRun = filters.some(({ kind }) => kind === 'name' || kind === 'folder');
  const source = tag === undefined ? RUNS : needsRun ? TAGGED_RUNS : TAGS;
  const conditions = filters.map((filter) => (filter === tag ? sql`t.tag = ${tag.tag}` : condition(filter, source)));
  const where = conditions.length === 0 ? sql`` : sql`WHERE ${sql.join(conditions, sql` AND `)}`;
  const needsRunToSort = sort.some(({ column }) => column !== 'created');
  const sorted = tag !== undefined && needsRunToSort ? TAGGED_RUNS : source;
  const limit = count > 0 ? count : -1;
  const found = sql`SELECT ${sorted.id} FROM ${sorted.table} ${where} ${orderBy(sort, sorted)} LIMIT ${limit} OFFSET ${start}`;
  const page = sql`SELECT * FROM run WHERE run.id IN (${found}) ${orderBy(sort, PAGE)}`;
  const total = sql`SELECT count(*) AS total FROM ${source.table} ${where}`;
  return { page: page.compile(compiler), total: total.compile(compiler) };
}

function condition(filter: RunFilter, { id, status }: Source): Sql {
  switch (filter.kind) {
    case 'tag':
      return sql`EXISTS (SELECT 1 FROM run_tag o WHERE o.run = ${id} AND o.tag = ${filter.tag})`;
    case 'status':
      return sql`${status} = ${filter.status}`;
    case 'folder':
      return sql`r.folder = ${normalizeFolder(filter.path)}`;
    case 'name':
      return filter.operator === '==' ? sql`r.name = ${filter.value}` : sql`instr(r.name, ${filter.value}) > 0`;
    case 'metadata':
      return metadataCondition(filter, id);
  }
}

type MetadataFilter = Extract<RunFilter, { kind: 'metadata' }>;

function metadataCondition({ key, operator, value = '' }: MetadataFilter, id: Sql): Sql {
  const having = (...tests: readonly Sql[]): Sql => {
    const rows = tests.map((test) => sql`SELECT run FROM run_metadata WHERE key = ${key} AND ${test}`);
    return sql`${id} IN (${sql.join(rows, sql` UNION ALL `)})`;
  };
  const text = value.slice(0, INDEXED_CHARACTERS);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const isNumber = Number.isFinite(number);
  switch (operator) {
    case 'exists':
      return having(sql`TRUE`);
    case 'not exists':
      return sql`NOT ${having(sql`TRUE`)}`;
    case 'contains':
      return having(sql`instr(text, ${value}) > 0`);
    case '==':
      return isNumber
        ? having(sql`number = ${number}`, sql`number IS NULL AND text = ${text}`)
        : having(sql`text = ${text}`);
    case '!=':
      return isNumber
        ? having(sql`number <> ${number}`, sql`number IS NULL AND text <> ${text}`)
        : having(sql`text <> ${text}`);
    default: {
      const compare = sql.raw(operator);
      return isNumber
        ? having(sql`number ${compare} ${number}`)
        : having(sql`number IS NULL AND text ${compare} ${text}`);
    }
  }
}

function orderBy(sort: RunListQuery['sort'], source: Source): Sql {
  const terms = sort.map(
    ({ column, descending }) => sql`${sortTerm(column, source)} ${descending ? sql`DESC` : sql`ASC`} NULLS LAST`,
  );
  const isNewestFirst = sort.at(-1)?.descending ?? true;
  const direction = isNewestFirst ? sql`DESC` : sql`ASC`;
  if (!sort.some(({ column }) => column === 'created')) terms.push(sql`${source.created} ${direction}`);
  return sql`ORDER BY ${sql.join([...terms, sql`${source.id} ${direction}`])}`;
}

function sortTerm(column: RunSortColumn, { id, created, run }: Source): Sql {
  if (column === 'created') return created;
  if (!column.startsWith('metadata.')) return sql`${run}.${sql.ref(column)}`;
  const key = column.slice('metadata.'.length);
  return sql`(SELECT coalesce(number, text) FROM run_metadata WHERE run_metadata.run = ${id} AND key = ${key} LIMIT 1)`;
}
