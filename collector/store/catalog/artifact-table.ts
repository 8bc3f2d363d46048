import { setImmediate } from 'node:timers/promises';
import type { RunStatus } from 'simvue-otel/semconv';
import type { Attributes } from '../../pipeline/telemetry.ts';
import type { Owned, Visibility } from '../../pipeline/visibility.ts';
import type {
  ArtifactCategory,
  ArtifactListQuery,
  ArtifactRow,
  ArtifactStore,
  ContentUse,
  ContentUseQuery,
  Namesake,
  NamesakeQuery,
  NewArtifact,
} from '../artifact-store.ts';
import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import { artifactListQueries, contentUses, namesakes } from './artifact-query.ts';
import { ListReader } from './list-reader.ts';
import { parseMetadata } from './run-rows.ts';

/** Parts of a question for namesakes, however many there are. */
const MOST_SLICES = 20;

const LISTED = '(SELECT value FROM json_each(?1))';
const OF_NO_OTHER_RUN = `SELECT artifact FROM run_artifact a WHERE run IN ${LISTED}
  AND NOT EXISTS (SELECT 1 FROM run_artifact other WHERE other.artifact = a.artifact AND other.run NOT IN ${LISTED})`;

/** Rows of artifacts and of the runs they belong to. */
export class ArtifactTable implements ArtifactStore {
  readonly #database: Database;
  readonly #lists: ListReader;
  readonly #now: () => bigint;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#database = database;
    this.#lists = new ListReader(database);
    this.#now = nowUnixNano;
    this.#statements = prepare(database);
  }

  async create({ id, name, originalPath, sizeBytes, mimeType, checksum, metadata, ...owner }: NewArtifact) {
    const { storageId, user, tenant } = owner;
    const text = JSON.stringify(metadata);
    const content = [originalPath, sizeBytes, mimeType, checksum, text] as const;
    this.#statements.insert.run(id, name, ...content, storageId, user, tenant, this.#now());
  }

  async get(id: string): Promise<ArtifactRow | undefined> {
    const row = this.#statements.get.get(id);
    return row === undefined ? undefined : readArtifact(row);
  }

  async list(query: ArtifactListQuery) {
    const { page, total } = artifactListQueries(query);
    return { count: this.#lists.count(total), ids: this.#lists.arrays(page).map(([id]) => id as string) };
  }

  async getMany(ids: readonly string[]): Promise<readonly ArtifactRow[]> {
    return this.#statements.getMany.all(JSON.stringify(ids)).map(readArtifact);
  }

  async change(id: string, { uploaded, metadata }: { uploaded?: boolean; metadata?: Attributes }): Promise<boolean> {
    const text = metadata === undefined ? null : JSON.stringify(metadata);
    const flag = uploaded === undefined ? null : Number(uploaded);
    return this.#statements.change.run(flag, text, id).changes > 0;
  }

  async setStored(id: string, bytes: number): Promise<boolean> {
    return this.#statements.setStored.run(bytes, id).changes > 0;
  }

  async runsOf(id: string): Promise<readonly Owned[]> {
    return this.#statements.runsOf.all(id).map((row) => ({
      user: row['user'] as string,
      tenant: row['tenant'] as string,
      visibility: JSON.parse(row['visibility'] as string) as Visibility,
    }));
  }

  async attach(runId: string, id: string, category: ArtifactCategory): Promise<boolean> {
    return this.#statements.attach.run(category, this.#now(), runId, id).changes > 0;
  }

  async ofRun(runId: string, { name, category }: Parameters<ArtifactStore['ofRun']>[1]) {
    return this.#statements.ofRun
      .all(runId, name ?? null, category ?? null)
      .map((row) => ({ artifact: readArtifact(row), category: row['category'] as ArtifactCategory }));
  }

  async countOfRun(runId: string): Promise<number> {
    return Number(this.#statements.countOfRun.get(runId)?.['total'] ?? 0);
  }

  async contentUses(query: ContentUseQuery): Promise<readonly ContentUse[]> {
    return this.#lists.rows(contentUses(query)).map((row) => ({
      ...readUse(row),
      artifactName: row['artifact_name'] as string,
      category: row['category'] as ArtifactCategory,
      addedUnixNano: row['added'] as bigint,
    }));
  }

  async namesakes(query: NamesakeQuery): ReturnType<ArtifactStore['namesakes']> {
    const [near, far] = [new Map<string, Namesake>(), new Map<string, Namesake>()];
    let hasMore = true;
    for (let slice = 0; hasMore && slice < MOST_SLICES && near.size < query.limit; slice++) {
      if (slice > 0) await setImmediate();
      const asked = namesakes(query, slice);
      for (const row of this.#lists.rows(asked.found)) {
        const found = { ...readUse(row), sizeBytes: Number(row['size']), createdUnixNano: row['created'] as bigint };
        const place = found.folder === query.folder ? near : far;
        if (!place.has(found.runId) && place.size < query.limit) place.set(found.runId, found);
      }
      hasMore = this.#lists.count(asked.hasMore) > 0;
    }
    const found = [...near.values(), ...far.values()].slice(0, query.limit);
    return { found, truncated: hasMore && found.length < query.limit };
  }

  async categoryOf(runId: string, id: string): Promise<ArtifactCategory | undefined> {
    return this.#statements.categoryOf.get(runId, id)?.['category'] as ArtifactCategory | undefined;
  }

  async remove(id: string): Promise<boolean> {
    return this.#database.transaction(() => {
      this.#statements.detach.run(id);
      this.#statements.remember.run(id);
      return this.#statements.remove.run(id).changes > 0;
    });
  }

  /** Part of the transaction that deletes runs: forgets the artifacts that belong to no other one. @param ids - a JSON list. */
  forgetRuns(ids: string): void {
    this.#statements.rememberOfRun.run(ids);
    this.#statements.removeOfRun.run(ids);
    this.#statements.detachRun.run(ids);
  }

  async contentToRemove(limit: number): Promise<readonly string[]> {
    return this.#statements.contentToRemove.all(limit).map((row) => row['artifact'] as string);
  }

  async contentRemoved(ids: readonly string[]): Promise<void> {
    this.#statements.contentRemoved.run(JSON.stringify(ids));
  }
}

/** What was announced, failed to arrive, and was saved anew is not missing. */
const OF_RUN = `FROM run_artifact JOIN artifact ON artifact.id = run_artifact.artifact
  WHERE run = ?1 AND (uploaded OR NOT EXISTS (
    SELECT 1 FROM artifact twin JOIN run_artifact of ON of.artifact = twin.id
    WHERE twin.checksum = artifact.checksum AND twin.name = artifact.name AND twin.uploaded AND of.run = ?1))`;

function prepare(database: Database) {
  const statements = {
    insert: `INSERT INTO artifact (id, name, original_path, size, mime_type, checksum, metadata, storage, user, tenant, created)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    get: 'SELECT * FROM artifact WHERE id = ?',
    getMany:
      'SELECT artifact.* FROM json_each(?) wanted JOIN artifact ON artifact.id = wanted.value ORDER BY wanted.key',
    change: 'UPDATE artifact SET uploaded = coalesce(?, uploaded), metadata = coalesce(?, metadata) WHERE id = ?',
    setStored: 'UPDATE artifact SET stored_size = ?, uploaded = 1 WHERE id = ?',
    runsOf: `SELECT user, tenant, visibility FROM run_artifact JOIN run ON run.id = run_artifact.run WHERE artifact = ?`,
    attach: `INSERT INTO run_artifact SELECT run.id, artifact.id, ?, ? FROM run, artifact WHERE run.id = ? AND artifact.id = ?
      ON CONFLICT (run, artifact) DO UPDATE SET category = excluded.category`,
    ofRun: `SELECT artifact.*, category ${OF_RUN} AND (?2 IS NULL OR name = ?2) AND (?3 IS NULL OR category = ?3)
      ORDER BY added, artifact.id`,
    countOfRun: `SELECT count(*) AS total ${OF_RUN}`,
    categoryOf: 'SELECT category FROM run_artifact WHERE run = ? AND artifact = ?',
    detach: 'DELETE FROM run_artifact WHERE artifact = ?',
    remember: 'INSERT OR IGNORE INTO removed_content SELECT id FROM artifact WHERE id = ?',
    remove: 'DELETE FROM artifact WHERE id = ?',
    rememberOfRun: `INSERT OR IGNORE INTO removed_content ${OF_NO_OTHER_RUN}`,
    removeOfRun: `DELETE FROM artifact WHERE id IN (${OF_NO_OTHER_RUN})`,
    detachRun: `DELETE FROM run_artifact WHERE run IN ${LISTED}`,
    contentToRemove: 'SELECT artifact FROM removed_content LIMIT ?',
    contentRemoved: 'DELETE FROM removed_content WHERE artifact IN (SELECT value FROM json_each(?))',
  } as const;
  const entries = Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql, { bigints: true })]);
  return Object.fromEntries(entries) as Readonly<Record<keyof typeof statements, Statement>>;
}

/** @param row - read with `bigints`. */
function readArtifact(row: SqlRow): ArtifactRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    originalPath: row['original_path'] as string,
    sizeBytes: Number(row['size']),
    mimeType: row['mime_type'] as string,
    checksum: row['checksum'] as string,
    metadata: parseMetadata(row['metadata'] as string),
    uploaded: Number(row['uploaded']) === 1,
    storedBytes: row['stored_size'] === null ? null : Number(row['stored_size']),
    storageId: row['storage'] as string,
    user: row['user'] as string,
    tenant: row['tenant'] as string,
    createdUnixNano: row['created'] as bigint,
  };
}

/** A run and its artifact. */
const readUse = (row: SqlRow) => ({
  checksum: row['checksum'] as string,
  runId: row['run'] as string,
  runName: row['run_name'] as string,
  folder: row['folder'] as string,
  status: row['status'] as RunStatus,
  artifactId: row['artifact'] as string,
});
