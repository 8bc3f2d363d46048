import { type CompiledQuery, sql } from 'kysely';
import { normalizeFolder } from '../../pipeline/change-limits.ts';
import type { RunListQuery, RunSortColumn } from '../catalog-store.ts';
import type { RunFilter } from '../run-filter.ts';
import { ageCondition, leafCondition, leafTest, type Sql, textCondition } from './conditions.ts';
import { compiler } from './query-compiler.ts';

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
const LEAVES: Source = {
  table: sql`run_metadata m`,
  id: sql`m.run`,
  status: sql`r.status`,
  created: sql`m.created`,
  run: sql`r`,
};
const LEAVES_OF_RUNS: Source = { ...LEAVES, table: sql`run_metadata m JOIN run r ON r.id = m.run` };
const TAGGED_RUNS: Source = { ...TAGS, table: sql`run_tag t JOIN run r ON r.id = t.run` };

const PAGE: Source = { ...RUNS, id: sql`run.id`, created: sql`run.created`, run: sql`run` };

const METADATA = { table: 'run_metadata', owner: 'run' } as const;
const SYSTEM = { table: 'run_system', owner: 'run' } as const;
/** Simvue's names of what an OpenTelemetry resource calls otherwise. */
const SYSTEM_KEYS: Readonly<Record<string, readonly string[]>> = {
  hostname: ['hostname', 'host.name'],
  cwd: ['cwd', 'process.working_directory'],
  pythonversion: ['pythonversion', 'process.runtime.version'],
  'platform.system': ['platform.system', 'os.type'],
  'platform.version': ['platform.version', 'os.version'],
  'cpu.arch': ['cpu.arch', 'host.arch'],
};
/** Filters for which the row of the run itself is looked at. */
const OF_THE_ROW = new Set<RunFilter['kind']>(['folder', 'text', 'described', 'age']);

/** A page of runs, newest first unless sorted otherwise, and the number of all that match. Rows are read for the page only. */
export function runListQueries(
  { filters, sort, start, count, reader }: RunListQuery,
  nowUnixNano: bigint,
): { readonly page: CompiledQuery; readonly total: CompiledQuery } {
  const { first, plain, joined, test } = entrance(filters);
  const needsRun = reader !== undefined || filters.some(({ kind }) => OF_THE_ROW.has(kind));
  const source = needsRun ? joined : plain;
  const conditions = filters.map((filter) => (filter === first ? test : condition(filter, source, nowUnixNano)));
  if (reader !== undefined) conditions.push(readableBy(reader));
  const where = conditions.length === 0 ? sql`` : sql`WHERE ${sql.join(conditions, sql` AND `)}`;
  const sorted = sort.some(({ column }) => column !== 'created') ? joined : source;
  const limit = count > 0 ? count : -1;
  const found = sql`SELECT ${sorted.id} FROM ${sorted.table} ${where} ${orderBy(sort, sorted)} LIMIT ${limit} OFFSET ${start}`;
  const page = sql`SELECT * FROM run WHERE run.id IN (${found}) ${orderBy(sort, PAGE)}`;
  const total = sql`SELECT count(*) AS total FROM ${source.table} ${where}`;
  return { page: page.compile(compiler), total: total.compile(compiler) };
}

/** The filter whose index the search begins with: a metadata value, else a tag, else none. */
function entrance(filters: readonly RunFilter[]): {
  readonly first: RunFilter | undefined;
  readonly plain: Source;
  readonly joined: Source;
  readonly test: Sql;
} {
  for (const filter of filters) {
    if (filter.kind !== 'metadata' || filter.operator === 'not exists') continue;
    return {
      first: filter,
      plain: LEAVES,
      joined: LEAVES_OF_RUNS,
      test: sql`key = ${filter.key} AND ${leafTest(filter)}`,
    };
  }
  const tag = filters.find((filter) => filter.kind === 'tag');
  if (tag !== undefined) return { first: tag, plain: TAGS, joined: TAGGED_RUNS, test: sql`t.tag = ${tag.tag}` };
  return { first: undefined, plain: RUNS, joined: RUNS, test: sql`` };
}

function condition(filter: RunFilter, source: Source, nowUnixNano: bigint): Sql {
  const { id, status } = source;
  switch (filter.kind) {
    case 'tag':
      return source.id === LEAVES.id
        ? sql`${id} IN (SELECT run FROM run_tag WHERE tag = ${filter.tag})`
        : sql`EXISTS (SELECT 1 FROM run_tag o WHERE o.run = ${id} AND o.tag = ${filter.tag})`;
    case 'status': {
      const compare = sql.raw(filter.operator === '==' ? '=' : '<>');
      return source === LEAVES
        ? sql`${id} IN (SELECT id FROM run WHERE status ${compare} ${filter.status})`
        : sql`${status} ${compare} ${filter.status}`;
    }
    case 'folder':
      return sql`r.folder = ${normalizeFolder(filter.path)}`;
    case 'text':
      return textCondition(sql`r.${sql.ref(filter.column)}`, filter.operator, filter.value);
    case 'described':
      return sql`(r.description IS NOT NULL) = ${Number(filter.isDescribed)}`;
    case 'age':
      return ageCondition(sql`r.${sql.ref(filter.column)}`, filter.operator, filter.seconds, nowUnixNano);
    case 'starred':
      return sql`${id} IN (SELECT id FROM star WHERE user = ${filter.user} AND kind = 'run')`;
    case 'metadata':
      return leafCondition(id, METADATA, [filter.key], filter);
    case 'system':
      return leafCondition(id, SYSTEM, SYSTEM_KEYS[filter.key] ?? [filter.key], filter);
    case 'alert':
      return filter.field === 'status'
        ? sql`${id} IN (SELECT run FROM run_alert WHERE status = ${filter.value})`
        : sql`${id} IN (SELECT run FROM alert a JOIN run_alert ON alert = a.id WHERE a.name = ${filter.value} AND attached > 0)`;
    case 'artifact':
      return sql`${id} IN (SELECT run FROM run_artifact WHERE artifact = ${filter.id})`;
  }
}

/** `canRead` of the run `r`, in SQL. */
export function readableBy({ username, tenant, isWriterOnly }: NonNullable<RunListQuery['reader']>): Sql {
  if (isWriterOnly) return sql`r.user = ${username}`;
  return sql`(r.user = ${username} OR r.is_public = 1 OR (r.is_tenant = 1 AND r.tenant = ${tenant})
    OR r.id IN (SELECT run FROM run_reader WHERE user = ${username}))`;
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
