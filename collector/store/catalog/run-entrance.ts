import sql, { join, type Sql } from 'sql-template-tag';
import { normalizeFolder } from '../../pipeline/change-limits.ts';
import type { Reader } from '../../pipeline/visibility.ts';
import type { MetricColumn } from '../catalog-store.ts';
import type { LeafFilter, RunFilter } from '../run-filter.ts';
import { isOfNone, leafRanges, numberTest } from './conditions.ts';
import { named } from './named.ts';
import { readableTotal } from './reach.ts';

/** Where a search begins: the rows of an index that answers one of the filters, or all runs. */
export interface Entrance {
  /** The filters that are answered. */
  readonly answers: readonly RunFilter[];
  /** Rows with the alias `e`. */
  readonly rows: Sql;
  readonly id: Sql;
  /** Creation of the run. */
  readonly created: Sql;
  readonly where: Sql | undefined;
  /** Status of the run, where the rows know it. */
  readonly status: Sql | undefined;
}

/** Every run, from a narrow index: for filters that no index answers. */
export const ALL_ROWS = sql`run r INDEXED BY run_list`;
/** For filters that exclude each other. */
const NOTHING = sql`SELECT NULL AS run, NULL AS created WHERE FALSE`;
/** Runs in the order of their creation. */
export const ALL: Entrance = {
  answers: [],
  rows: sql`run e`,
  id: sql`e.id`,
  created: sql`e.created`,
  where: undefined,
  status: undefined,
};

/** Runs in the order of a number that is kept of them. */
const LAST_VALUES: Entrance = {
  answers: [],
  rows: sql`memory.last_value e INDEXED BY last_value_order`,
  id: sql`e.run`,
  created: sql`e.created`,
  where: undefined,
  status: undefined,
};

/** Each way in, the narrow ones first. */
const WAYS: readonly ((filter: RunFilter, all: readonly RunFilter[]) => Entrance | undefined)[] = [
  (filter) =>
    filter.kind === 'text' && filter.operator === '==' && (filter.column === 'id' || filter.column === 'name')
      ? ofRuns(filter, sql`e.${named(filter.column)} = ${filter.value}`)
      : undefined,
  (filter) =>
    filter.kind === 'tag'
      ? {
          answers: [filter],
          rows: sql`run_tag e`,
          id: sql`e.run`,
          created: sql`e.created`,
          where: sql`e.tag = ${filter.tag}`,
          status: sql`e.status`,
        }
      : undefined,
  (filter) =>
    filter.kind === 'folder' && !filter.isDeep
      ? ofRuns(filter, sql`e.folder = ${normalizeFolder(filter.path)}`)
      : undefined,
  ofLeaves,
  (filter) =>
    filter.kind === 'number' && !isOfNone(filter)
      ? { ...LAST_VALUES, answers: [filter], where: numberTest(filter) }
      : undefined,
];
/** Wide ones: alone they are quicker than a look at all runs, with others they are not. */
const WIDE_WAYS: typeof WAYS = [
  (filter) =>
    filter.kind === 'text' && filter.column === 'user' && filter.operator === '=='
      ? ofRuns(filter, sql`e.user = ${filter.value}`)
      : undefined,
  (filter) =>
    filter.kind === 'status' && filter.operator === '==' ? ofRuns(filter, sql`e.status = ${filter.status}`) : undefined,
];

/**
 * The way in that leaves the fewest runs to look at; undefined = all have to be looked at.
 *
 * @param isRestricted - whether the reader may not see every run.
 */
export function entranceOf(filters: readonly RunFilter[], isRestricted: boolean): Entrance | undefined {
  if (filters.length === 0 && !isRestricted) return ALL;
  const ways = filters.length === 1 && !isRestricted ? [...WAYS, ...WIDE_WAYS] : WAYS;
  for (const way of ways) {
    for (const filter of filters) {
      const entrance = way(filter, filters);
      if (entrance !== undefined) return entrance;
    }
  }
  return undefined;
}

/** The number of runs that fit, where it is known without a look at them. */
export function knownTotal(filters: readonly RunFilter[], reader: Reader | undefined): Sql | undefined {
  const [filter] = filters;
  if (filters.length > 1) return undefined;
  if (filter === undefined) {
    return reader === undefined
      ? sql`SELECT total(runs) AS total FROM run_count WHERE field = 'status'`
      : readableTotal(reader);
  }
  if (filter.kind === 'status' && filter.operator === '==') return countOf('status', filter.status, reader);
  if (filter.kind === 'tag') return countOf('tag', filter.tag, reader);
  if (filter.kind !== 'folder' || filter.isDeep || reader !== undefined) return undefined;
  return sql`SELECT runs AS total FROM run_count WHERE field = 'folder' AND value = ${normalizeFolder(filter.path)}`;
}

const countOf = (field: 'status' | 'tag', value: string, reader: Reader | undefined): Sql =>
  reader === undefined
    ? sql`SELECT runs AS total FROM run_count WHERE field = ${field} AND value = ${value}`
    : readableTotal(reader, field, value);

function ofRuns(answered: RunFilter, where: Sql): Entrance {
  return { ...ALL, answers: [answered], where };
}

/** All filters on one key together are the ranges of an index that are read. */
function ofLeaves(filter: RunFilter, all: readonly RunFilter[]): Entrance | undefined {
  if (!isLeaf(filter)) return undefined;
  const { kind, key } = filter;
  const answers = all.filter(isLeaf).filter((other) => other.kind === kind && other.key === key);
  const table = named(`run_${kind}`);
  const ranges = leafRanges(answers).map(
    (range) => sql`SELECT run, created FROM ${table} WHERE key = ${key} AND ${range}`,
  );
  const rows = sql`(${join(ranges.length > 0 ? ranges : [NOTHING], ' UNION ALL ')}) e`;
  return { answers, rows, id: sql`e.run`, created: sql`e.created`, where: undefined, status: undefined };
}

/** Runs of which the last value of a metric is a number, in the order of these, with all that is asked of it. */
export function ofLastValues(metric: MetricColumn, filters: readonly RunFilter[]): Entrance {
  const answers = filters
    .filter((filter) => filter.kind === 'number')
    .filter((filter) => filter.number === metric && !isOfNone(filter));
  const tests = answers.map((filter) => numberTest(filter));
  return {
    ...LAST_VALUES,
    answers,
    where: join([sql`e.number = ${metric} AND e.value IS NOT NULL`, ...tests], ' AND '),
  };
}

function isLeaf(filter: RunFilter): filter is Extract<RunFilter, LeafFilter> {
  return (filter.kind === 'metadata' || filter.kind === 'system') && filter.operator !== 'not exists';
}
