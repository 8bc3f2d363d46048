import type { RunRow } from '../catalog-store.ts';
import type { Database, Statement } from '../sqlite-database.ts';
import { LeafTable } from './leaf-table.ts';
import { SYSTEM_ALIASES } from './query-schema.ts';
import { ROW_COLUMNS, RUN_COLUMNS, readRunRow, runParameters } from './run-rows.ts';
import type { TagTable } from './tag-table.ts';

/** A run with what only the catalogue needs. */
export interface RunRecord {
  readonly row: RunRow;
  readonly lostAt: bigint | null;
  readonly state: string;
}

/** Ids of a JSON list. */
const LISTED = '(SELECT value FROM json_each(?1))';
const TABLES_OF_A_RUN = ['run_tag', 'run_metadata', 'run_system', 'run_reader', 'instance', 'run_abort'] as const;

/** Rows of runs with their tags and metadata, which are rows of their own so that filters use indexes. */
export class CatalogRunTable {
  readonly #get: Statement;
  readonly #put: Statement;
  readonly #lose: Statement;
  readonly #revive: Statement;
  readonly #sign: Statement;
  readonly #insertTag: Statement;
  readonly #setTagStatus: Statement;
  readonly #metadata: LeafTable;
  readonly #system: LeafTable;
  readonly #insertReader: Statement;
  readonly #deleteTags: Statement;
  readonly #deleteReaders: Statement;
  readonly #there: Statement;
  readonly #deletes: readonly Statement[];
  readonly #tags: TagTable;

  constructor(database: Database, tags: TagTable) {
    this.#tags = tags;
    this.#get = database.prepare(`SELECT ${ROW_COLUMNS.join(', ')}, lost_at, state FROM run WHERE id = ?`, {
      bigints: true,
    });
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO run (${RUN_COLUMNS.join(', ')}) VALUES (${RUN_COLUMNS.map(() => '?').join(', ')})`,
    );
    this.#lose = database.prepare(
      `UPDATE run SET status = 'lost', lost_at = coalesce(last_sign, started, created), modified = ?1,
         ended = coalesce(last_sign, started, created) WHERE id = ?2 AND status = 'running'`,
    );
    this.#revive = database.prepare(
      `UPDATE run SET status = 'running', ended = NULL, lost_at = NULL, modified = ?1
       WHERE id = ?2 AND status = 'lost' AND lost_at < ?3`,
    );
    this.#sign = database.prepare(
      'UPDATE run SET last_sign = ?1 WHERE id = ?2 AND (last_sign IS NULL OR last_sign < ?1)',
    );
    this.#insertTag = database.prepare('INSERT OR IGNORE INTO run_tag (tag, created, run, status) VALUES (?, ?, ?, ?)');
    this.#setTagStatus = database.prepare('UPDATE run_tag SET status = ? WHERE run = ?');
    this.#metadata = new LeafTable(database, 'run_metadata', 'run');
    this.#system = new LeafTable(database, 'run_system', 'run', SYSTEM_ALIASES);
    this.#insertReader = database.prepare('INSERT OR IGNORE INTO run_reader VALUES (?, ?)');
    this.#deleteTags = database.prepare('DELETE FROM run_tag WHERE run = ?');
    this.#deleteReaders = database.prepare('DELETE FROM run_reader WHERE run = ?');
    this.#there = database.prepare(`SELECT id FROM run WHERE id IN ${LISTED}`);
    this.#deletes = [
      ...TABLES_OF_A_RUN.map((table) => `DELETE FROM ${table} WHERE run IN ${LISTED}`),
      `DELETE FROM star WHERE kind = 'run' AND id IN ${LISTED}`,
      `DELETE FROM run WHERE id IN ${LISTED}`,
    ].map((sql) => database.prepare(sql));
  }

  get(id: string): RunRecord | undefined {
    const [values] = this.#get.arrays(id);
    if (values === undefined) return undefined;
    const [lostAt, state] = values.slice(ROW_COLUMNS.length);
    return { row: readRunRow(values), lostAt: lostAt as bigint | null, state: state as string };
  }

  put(record: RunRecord, previous: RunRow | undefined): void {
    const { row } = record;
    this.#put.run(...runParameters(row, record.lostAt, record.state));
    if (previous === undefined || !isSameJson(row.tags, previous.tags)) this.#putTags(row);
    else if (row.status !== previous.status) this.#setTagStatus.run(row.status, row.id);
    if (previous === undefined || !isSameJson(row.metadata, previous.metadata))
      this.#metadata.replace(row.id, row.metadata, row.createdUnixNano);
    if (previous === undefined || !isSameJson(row.system, previous.system))
      this.#system.replace(row.id, row.system, row.createdUnixNano);
    if (!isSameJson(row.visibility.users, previous?.visibility.users ?? [])) this.#putReaders(row);
  }

  /** A running run becomes lost, ended at its newest sign of life. @returns false when it is not running. */
  setLost(id: string, nowUnixNano: bigint): boolean {
    if (this.#lose.run(nowUnixNano, id).changes === 0) return false;
    this.#setTagStatus.run('lost', id);
    return true;
  }

  /** Keeps the newest sign of life. @returns true when it brought a lost run back: its event time is later than that of the last sign. */
  sign(id: string, timeUnixNano: bigint, nowUnixNano: bigint): boolean {
    const revived = this.#revive.run(nowUnixNano, id, timeUnixNano).changes > 0;
    if (revived) this.#setTagStatus.run('running', id);
    this.#sign.run(timeUnixNano, id);
    return revived;
  }

  /** @param ids - a JSON list. @returns those that were there. */
  delete(ids: string): string[] {
    const there = this.#there.all(ids).map((row) => row['id'] as string);
    for (const statement of this.#deletes) statement.run(ids);
    return there;
  }

  #putTags(row: RunRow): void {
    this.#deleteTags.run(row.id);
    this.#tags.ensure(row.tags, row.user);
    for (const tag of row.tags) this.#insertTag.run(tag, row.createdUnixNano, row.id, row.status);
  }

  #putReaders(row: RunRow): void {
    this.#deleteReaders.run(row.id);
    for (const user of row.visibility.users) this.#insertReader.run(user, row.id);
  }
}

export function isSameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
