import sql, { type Sql } from 'sql-template-tag';
import type { Reader } from '../../pipeline/visibility.ts';
import { named } from './named.ts';

/** Whether a row of `run` or `run_reach` is for a reader whom it does not name. */
function reaches(alias: 'r' | 'k', { username, tenant, isWriterOnly }: Reader): Sql {
  const row = named(alias);
  if (isWriterOnly) return sql`${row}.user = ${username}`;
  return sql`(${row}.user = ${username} OR ${row}.is_public = 1 OR (${row}.is_tenant = 1 AND ${row}.tenant = ${tenant}))`;
}

/** `canRead` of the run `r`, in SQL. */
export function readableBy(reader: Reader): Sql {
  if (reader.isWriterOnly) return reaches('r', reader);
  return sql`(${reaches('r', reader)} OR r.id IN (SELECT run FROM run_reader WHERE user = ${reader.username}))`;
}

/** Runs that are for a reader only because they name it: rows of `run` as `r`. */
function naming(reader: Reader): Sql {
  const isNamed = reader.isWriterOnly ? sql`FALSE` : sql`s.user = ${reader.username} AND NOT ${reaches('r', reader)}`;
  return sql`run_reader s CROSS JOIN run r ON r.id = s.run AND ${isNamed}`;
}

/** Number of runs that a reader may see, with a status or a tag, or of all: a sum over owners, and over the runs that name the reader. */
export function readableTotal(reader: Reader, field?: 'status' | 'tag', value?: string): Sql {
  const counted = field === undefined ? sql`k.field = 'status'` : sql`k.field = ${field} AND k.value = ${value}`;
  const has =
    field === 'tag'
      ? sql`EXISTS (SELECT 1 FROM run_tag t WHERE t.run = r.id AND t.tag = ${value})`
      : field === 'status'
        ? sql`r.status = ${value}`
        : sql`TRUE`;
  return sql`SELECT (SELECT total(k.runs) FROM run_reach k WHERE ${counted} AND ${reaches('k', reader)})
    + (SELECT count(*) FROM ${naming(reader)} WHERE ${has}) AS total`;
}

/** The tags of the runs that a reader may see, and how many runs have each. */
export function readableTags(reader: Reader): Sql {
  return sql`SELECT tag, sum(runs) AS runs FROM (
      SELECT k.value AS tag, k.runs FROM run_reach k WHERE k.field = 'tag' AND ${reaches('k', reader)}
      UNION ALL SELECT t.tag, 1 FROM ${naming(reader)} CROSS JOIN run_tag t ON t.run = r.id
    ) GROUP BY tag`;
}
