import type { AttributeValue } from '../../pipeline/telemetry.ts';
import type { RunRow } from '../catalog-store.ts';
import type { Database, SqlParameter, Statement } from '../sqlite-database.ts';
import { RUN_COLUMNS, readRunRow, runParameters } from './run-rows.ts';

/** Longest text of a metadata value in the index; longer ones are found by their beginning. */
export const INDEXED_CHARACTERS = 1_000;

/** A run with what only the catalogue needs. */
export interface RunRecord {
  readonly row: RunRow;
  readonly lostAt: bigint | null;
  readonly state: string;
}

/** Rows of runs with their tags and metadata, which are rows of their own so that filters use indexes. */
export class CatalogRunTable {
  readonly #get: Statement;
  readonly #put: Statement;
  readonly #setLost: Statement;
  readonly #insertTag: Statement;
  readonly #setTagStatus: Statement;
  readonly #insertMetadata: Statement;
  readonly #deletes: Readonly<Record<'tags' | 'metadata' | 'instances' | 'run', Statement>>;

  constructor(database: Database) {
    this.#get = database.prepare('SELECT * FROM run WHERE id = ?', { bigints: true });
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO run (${RUN_COLUMNS.join(', ')}) VALUES (${RUN_COLUMNS.map(() => '?').join(', ')})`,
    );
    this.#setLost = database.prepare(
      'UPDATE run SET status = ?, ended = ?, lost_at = ?, modified = ? WHERE id = ? AND status = ?',
    );
    this.#insertTag = database.prepare('INSERT OR IGNORE INTO run_tag (tag, created, run, status) VALUES (?, ?, ?, ?)');
    this.#setTagStatus = database.prepare('UPDATE run_tag SET status = ? WHERE run = ?');
    this.#insertMetadata = database.prepare('INSERT OR IGNORE INTO run_metadata VALUES (?, ?, ?, ?)');
    this.#deletes = {
      tags: database.prepare('DELETE FROM run_tag WHERE run = ?'),
      metadata: database.prepare('DELETE FROM run_metadata WHERE run = ?'),
      instances: database.prepare('DELETE FROM instance WHERE run = ?'),
      run: database.prepare('DELETE FROM run WHERE id = ?'),
    };
  }

  get(id: string): RunRecord | undefined {
    const row = this.#get.get(id);
    if (row === undefined) return undefined;
    return { row: readRunRow(row), lostAt: row['lost_at'] as bigint | null, state: row['state'] as string };
  }

  put(record: RunRecord, previous: RunRow | undefined): void {
    const { row } = record;
    this.#put.run(...runParameters(row, record.lostAt, record.state));
    if (previous === undefined || !isSameJson(row.tags, previous.tags)) this.#putTags(row);
    else if (row.status !== previous.status) this.#setTagStatus.run(row.status, row.id);
    if (previous === undefined || !isSameJson(row.metadata, previous.metadata)) this.#putMetadata(row);
  }

  /** @returns false when the run is not in the status `from`. */
  setLost(id: string, from: 'running' | 'lost', lostAt: bigint | null, nowUnixNano: bigint): boolean {
    const to = from === 'running' ? 'lost' : 'running';
    if (this.#setLost.run(to, lostAt, lostAt, nowUnixNano, id, from).changes === 0) return false;
    this.#setTagStatus.run(to, id);
    return true;
  }

  delete(id: string): boolean {
    this.#deletes.tags.run(id);
    this.#deletes.metadata.run(id);
    this.#deletes.instances.run(id);
    return this.#deletes.run.run(id).changes > 0;
  }

  #putTags(row: RunRow): void {
    this.#deletes.tags.run(row.id);
    for (const tag of row.tags) this.#insertTag.run(tag, row.createdUnixNano, row.id, row.status);
  }

  #putMetadata(row: RunRow): void {
    this.#deletes.metadata.run(row.id);
    for (const [key, text, number] of leaves(row.metadata, '')) {
      this.#insertMetadata.run(key, text.slice(0, INDEXED_CHARACTERS), number, row.id);
    }
  }
}

/** Metadata by dotted path; a literal key `a.b` and a path `a` → `b` have the same name. */
function* leaves(
  value: AttributeValue,
  path: string,
): Generator<readonly [key: string, text: string, number: SqlParameter]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, child] of Object.entries(value)) yield* leaves(child, path === '' ? key : `${path}.${key}`);
    return;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number.parseFloat(value) : Number.NaN;
  yield [path, text, Number.isFinite(number) && String(number) === text ? number : null];
}

function isSameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
