import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import {
  EMBEDDED_STORAGE_ID,
  type NewStorage,
  type StorageBackend,
  type StorageChange,
  type StorageRow,
  type StorageStore,
} from '../storage-store.ts';

/** Rows of the places of content. */
export class StorageTable implements StorageStore {
  readonly #database: Database;
  readonly #now: () => bigint;
  readonly #statements: Readonly<
    Record<'insert' | 'get' | 'list' | 'change' | 'takeDefault' | 'isUsed' | 'remove' | 'target', Statement>
  >;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#database = database;
    this.#now = nowUnixNano;
    this.#statements = {
      insert: database.prepare('INSERT INTO storage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      get: database.prepare('SELECT * FROM storage WHERE id = ?', { bigints: true }),
      list: database.prepare('SELECT * FROM storage ORDER BY created, id', { bigints: true }),
      change: database.prepare(
        'UPDATE storage SET name = ?, is_default = ?, is_enabled = ?, is_tenant_useable = ? WHERE id = ?',
      ),
      takeDefault: database.prepare('UPDATE storage SET is_default = 0 WHERE is_default = 1 AND id <> ?'),
      isUsed: database.prepare('SELECT 1 FROM artifact WHERE storage = ? LIMIT 1'),
      remove: database.prepare('DELETE FROM storage WHERE id = ?'),
      target: database.prepare(
        "SELECT id FROM storage WHERE is_default = 1 AND is_enabled = 1 AND backend = 'File' LIMIT 1",
      ),
    };
  }

  async create({ id, name, backend, config, isDefault, isEnabled, isTenantUseable, user, tenant }: NewStorage) {
    const flags = [isDefault, isEnabled, isTenantUseable].map(Number);
    this.#database.transaction(() => {
      if (isDefault) this.#statements.takeDefault.run(id);
      this.#statements.insert.run(id, name, backend, JSON.stringify(config), ...flags, user, tenant, this.#now());
    });
  }

  async get(id: string): Promise<StorageRow | undefined> {
    const row = this.#statements.get.get(id);
    return row === undefined ? undefined : readStorage(row);
  }

  async list(): Promise<readonly StorageRow[]> {
    return this.#statements.list.all().map(readStorage);
  }

  async change(id: string, change: StorageChange): Promise<void> {
    const row = await this.get(id);
    if (row === undefined) return;
    const { name, isDefault, isEnabled, isTenantUseable } = { ...row, ...change };
    this.#database.transaction(() => {
      if (isDefault) this.#statements.takeDefault.run(id);
      this.#statements.change.run(name, ...[isDefault, isEnabled, isTenantUseable].map(Number), id);
    });
  }

  async isUsed(id: string): Promise<boolean> {
    return this.#statements.isUsed.get(id) !== undefined;
  }

  async remove(id: string): Promise<void> {
    this.#statements.remove.run(id);
  }

  async forNewArtifacts(): Promise<string> {
    return (this.#statements.target.get()?.['id'] as string | undefined) ?? EMBEDDED_STORAGE_ID;
  }
}

/** @param row - read with `bigints`. */
function readStorage(row: SqlRow): StorageRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    backend: row['backend'] as StorageBackend,
    config: JSON.parse(row['config'] as string) as Record<string, unknown>,
    isDefault: row['is_default'] === 1n,
    isEnabled: row['is_enabled'] === 1n,
    isTenantUseable: row['is_tenant_useable'] === 1n,
    user: row['user'] as string,
    tenant: row['tenant'] as string,
    createdUnixNano: row['created'] as bigint,
  };
}
