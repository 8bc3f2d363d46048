import {
  DummyDriver,
  type ExpressionBuilder,
  Kysely,
  type SelectQueryBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { RunFilter, RunListQuery, RunSortColumn } from '../catalog-store.ts';

/** Tables as the queries see them. */
interface CatalogTables {
  run: { id: string; name: string; folder: string; status: string; created: number };
  run_tag: { tag: string; id: string };
  run_metadata: { key: string; text: string; number: number | null; run: string };
}
type RunQuery = SelectQueryBuilder<CatalogTables, 'run', object>;
type Conditions = ExpressionBuilder<CatalogTables, 'run'>;

/** Compiles queries; they are run by the adapter of the database. */
const builder = new Kysely<CatalogTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** A page of runs, and the number of all that match. */
export function runListQueries(query: RunListQuery) {
  const narrow = narrowSource(query);
  const filters = narrow === undefined ? query.filters : query.filters.filter((filter) => filter !== narrow.filter);
  const filtered = filters.reduce(applyFilter, narrow?.source ?? builder.selectFrom('run'));
  // Ids first, from a narrow index: whole rows are wide, and only one page of them is wanted.
  const ids = inOrder(filtered, query).select('run.id').limit(query.count).offset(query.start);
  const page = inOrder(builder.selectFrom('run').where('run.id', 'in', ids), query).selectAll('run');
  const total = filtered.select((expression) => expression.fn.countAll().as('total'));
  return { page: page.compile(), total: total.compile() };
}

/** As asked; then the newest first. */
function inOrder(query: RunQuery, { sort }: RunListQuery): RunQuery {
  const sorted = sort.reduce((sofar, { column, descending }) => {
    return sofar.orderBy(sortExpression(column), descending ? 'desc' : 'asc');
  }, query);
  return sorted.orderBy('run.created', 'desc').orderBy('run.id');
}

/** The rows of a tag repeat what lists filter and sort by; they stand in for those of the runs, which are wide. */
function narrowSource(query: RunListQuery): { source: RunQuery; filter: RunFilter } | undefined {
  const filter = query.filters.find((one) => one.kind === 'tag');
  const isNarrow = query.sort.every(({ column }) => column === 'created' || column === 'name' || column === 'status');
  if (filter === undefined || !isNarrow) return undefined;
  const source = builder.selectFrom('run_tag as run').where('run.tag', '=', filter.tag);
  return { source: source as unknown as RunQuery, filter };
}

function applyFilter(query: RunQuery, filter: RunFilter): RunQuery {
  switch (filter.kind) {
    case 'tag':
      return query.where('run.id', 'in', (inner) =>
        inner.selectFrom('run_tag').select('run_tag.id').where('run_tag.tag', '=', filter.tag),
      );
    case 'status':
      return query.where('run.status', '=', filter.status);
    case 'folder':
      return query.where('run.folder', '=', filter.path);
    case 'name':
      if (filter.operator === '==') return query.where('run.name', '=', filter.value);
      return query.where(sql<boolean>`instr(run.name, ${filter.value}) > 0`);
    case 'metadata':
      return query.where((expression) => metadataCondition(expression, filter));
  }
}

function metadataCondition(expression: Conditions, filter: Extract<RunFilter, { kind: 'metadata' }>) {
  const { key, operator, value = '' } = filter;
  const rows = expression
    .selectFrom('run_metadata')
    .select('run_metadata.run')
    .where('run_metadata.key', '=', key)
    .$if(operator !== 'exists' && operator !== 'not exists', (inner) => {
      if (operator === 'contains') return inner.where(sql<boolean>`instr(text, ${value}) > 0`);
      const number = Number(value);
      const isNumber = value.trim() !== '' && Number.isFinite(number);
      const compared = operator === '==' ? '=' : operator;
      if (!isNumber) return inner.where(sql<boolean>`text ${sql.raw(compared)} ${value}`);
      return inner.where(
        sql<boolean>`coalesce(number ${sql.raw(compared)} ${number}, text ${sql.raw(compared)} ${value})`,
      );
    });
  const inRows = expression('run.id', 'in', rows);
  return operator === 'not exists' ? expression.not(inRows) : inRows;
}

function sortExpression(column: RunSortColumn) {
  if (!column.startsWith('metadata.')) return sql.ref(`run.${column}`);
  const key = column.slice('metadata.'.length);
  return sql`(SELECT coalesce(number, text) FROM run_metadata WHERE run_metadata.run = run.id AND key = ${key})`;
}
