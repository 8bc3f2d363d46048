import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { LeafFilter, NumberFilter, TextOperator } from '../run-filter.ts';
import { INDEXED_CHARACTERS } from './leaf-table.ts';
import { named } from './named.ts';

/** Where the leaves of a JSON column are indexed by dotted path. */
export interface LeafIndex {
  readonly table: string;
  /** Column with the id of the owner. */
  readonly owner: string;
}

/** Longer ago than any run; times before 1970 still fit into SQLite's integers. */
const LONGEST_AGE_SECONDS = 8e9;

/** Python prints a truth value with a capital, JSON does not. */
const TRUTH: Readonly<Record<string, string>> = { True: 'true', False: 'false' };
const COMPARISONS = { '==': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;

/** A condition on a column of text; what is absent neither equals nor contains anything. */
export function textCondition(column: Sql, operator: TextOperator, value: string): Sql {
  switch (operator) {
    case '==':
      return sql`${column} = ${value}`;
    case '!=':
      return sql`${column} IS NOT ${value}`;
    case 'contains':
      return sql`instr(${column}, ${value}) > 0`;
    case 'not contains':
      return sql`coalesce(instr(${column}, ${value}), 0) = 0`;
  }
}

const OPPOSITE = {
  ...({ '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const),
  ...({ exists: 'not exists', 'not exists': 'exists' } as const),
};

/** Runs with such a number. One without it has no row, so that what holds for such a run is asked the other way round. */
export function numberCondition(id: Sql, filter: NumberFilter): Sql {
  const rows = (test: NumberFilter): Sql =>
    sql`SELECT 1 FROM memory.last_value o WHERE o.run = ${id} AND ${numberTest(test)}`;
  return isOfNone(filter)
    ? sql`NOT EXISTS (${rows({ ...filter, operator: OPPOSITE[filter.operator] })})`
    : sql`EXISTS (${rows(filter)})`;
}

/** True for a condition that a run without the number fits: one without events has zero. */
export const isOfNone = ({ number, operator, value = 0 }: NumberFilter): boolean => {
  if (!number.startsWith('events.')) return operator === 'not exists';
  if (operator === '==') return value === 0;
  if (operator === '!=') return value !== 0;
  if (operator === '<') return value > 0;
  return operator === '<=' || (operator === '>=' && value === 0);
};

/** The test of a row of last values; what is not a number is there as NULL. */
export function numberTest({ number, operator, value = Number.NaN }: NumberFilter): Sql {
  const ofNumber = sql`number = ${number}`;
  if (operator === 'exists' || operator === 'not exists') return ofNumber;
  const stored = Number.isNaN(value) ? null : value;
  if (operator === '==') return sql`${ofNumber} AND value IS ${stored}`;
  if (operator === '!=') return sql`${ofNumber} AND value IS NOT ${stored}`;
  return sql`${ofNumber} AND value ${raw(operator)} ${stored}`;
}

/** `<`: at the most so many seconds before `nowUnixNano`; `>`: longer ago. */
export function ageCondition(column: Sql, operator: '<' | '>', seconds: number, nowUnixNano: bigint): Sql {
  const age = BigInt(Math.round(Math.min(seconds, LONGEST_AGE_SECONDS) * 1e9));
  const limit = nowUnixNano - age;
  return operator === '<' ? sql`${column} >= ${limit}` : sql`${column} < ${limit}`;
}

/** A test on the columns `text` and `number` of a leaf: of leaves that are numbers, of those that are not, or of any. */
interface LeafTest {
  readonly of: 'number' | 'text' | 'any';
  readonly test: Sql;
}

/** A leaf of which the key is known fits when one of the tests holds; no two hold at once. A number has no text of its own. */
function leafTests({ operator, value = '' }: LeafFilter): readonly LeafTest[] {
  const text = value.slice(0, INDEXED_CHARACTERS);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const isNumber = Number.isFinite(number);
  switch (operator) {
    case 'exists':
    case 'not exists':
      return [{ of: 'any', test: sql`TRUE` }];
    case 'contains':
      return [{ of: 'any', test: sql`instr(text, ${value}) > 0` }];
    case 'not contains':
      return [{ of: 'any', test: sql`instr(text, ${value}) = 0` }];
    default: {
      const compare = raw(COMPARISONS[operator]);
      const ofText = (test: Sql): LeafTest => ({ of: 'text', test: sql`number IS NULL AND ${test}` });
      const asText = ofText(sql`text ${compare} ${text}`);
      if (isNumber) return [{ of: 'number', test: sql`number ${compare} ${number}` }, asText];
      const truth = TRUTH[text];
      if (operator === '==') return truth === undefined ? [asText] : [asText, ofText(sql`text = ${truth}`)];
      if (operator !== '!=') return [asText];
      const isNeither = truth === undefined ? asText : ofText(sql`text <> ${text} AND text <> ${truth}`);
      return [{ of: 'number', test: sql`number IS NOT NULL` }, isNeither];
    }
  }
}

/** Conditions of which just one holds for a leaf that fits all the filters; each is one range of an index. */
export function leafRanges(filters: readonly LeafFilter[]): readonly Sql[] {
  const ranges = filters
    .map(leafTests)
    .reduce((all, tests) =>
      all.flatMap((a) =>
        tests
          .filter((b) => a.of === b.of || a.of === 'any' || b.of === 'any')
          .map((b) => ({ of: a.of === 'any' ? b.of : a.of, test: sql`${a.test} AND ${b.test}` })),
      ),
    );
  return ranges.map(({ test }) => test);
}

/** The condition that the leaf of an owner fits, or, for `not exists`, is not there. */
export function leafCondition(id: Sql, { table, owner }: LeafIndex, filter: LeafFilter): Sql {
  const rows = sql`SELECT 1 FROM ${named(table)} WHERE key = ${filter.key} AND ${named(owner)} = ${id}`;
  if (filter.operator === 'not exists') return sql`NOT EXISTS (${rows})`;
  const tests = leafTests(filter).map(({ test }) => sql`(${test})`);
  return sql`EXISTS (${rows} AND (${join(tests, ' OR ')}))`;
}
