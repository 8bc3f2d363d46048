import { type RawBuilder, sql } from 'kysely';
import type { LeafFilter, TextOperator } from '../run-filter.ts';
import { INDEXED_CHARACTERS } from './leaf-table.ts';

export type Sql = RawBuilder<unknown>;

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

/** `<`: at the most so many seconds before `nowUnixNano`; `>`: longer ago. */
export function ageCondition(column: Sql, operator: '<' | '>', seconds: number, nowUnixNano: bigint): Sql {
  const age = BigInt(Math.round(Math.min(seconds, LONGEST_AGE_SECONDS) * 1e9));
  const limit = nowUnixNano - age;
  return operator === '<' ? sql`${column} >= ${limit}` : sql`${column} < ${limit}`;
}

/**
 * Tests on the columns `text` and `number` of a leaf of which the key is known: it fits when one of them holds.
 * No two hold at once. A number has no text of its own that differs from how it is printed.
 */
export function leafTests({ operator, value = '' }: LeafFilter): readonly Sql[] {
  const text = value.slice(0, INDEXED_CHARACTERS);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const isNumber = Number.isFinite(number);
  switch (operator) {
    case 'exists':
    case 'not exists':
      return [sql`TRUE`];
    case 'contains':
      return [sql`instr(text, ${value}) > 0`];
    case 'not contains':
      return [sql`instr(text, ${value}) = 0`];
    default: {
      const compare = sql.raw(COMPARISONS[operator]);
      const asText = sql`number IS NULL AND text ${compare} ${text}`;
      if (isNumber) return [sql`number ${compare} ${number}`, asText];
      const truth = TRUTH[text];
      if (operator === '==') return truth === undefined ? [asText] : [asText, sql`number IS NULL AND text = ${truth}`];
      if (operator !== '!=') return [asText];
      return [sql`number IS NOT NULL`, truth === undefined ? asText : sql`${asText} AND text <> ${truth}`];
    }
  }
}

/** The condition that the leaf of an owner fits, or, for `not exists`, is not there. */
export function leafCondition(id: Sql, { table, owner }: LeafIndex, filter: LeafFilter): Sql {
  const rows = sql`SELECT 1 FROM ${sql.table(table)} WHERE key = ${filter.key} AND ${sql.ref(owner)} = ${id}`;
  if (filter.operator === 'not exists') return sql`NOT EXISTS (${rows})`;
  const tests = leafTests(filter).map((test) => sql`(${test})`);
  return sql`EXISTS (${rows} AND (${sql.join(tests, sql` OR `)}))`;
}
