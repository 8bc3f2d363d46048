import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { asDiskError, isDiskError } from './disk-error.ts';

/** What a column may hold. Integers come back as numbers, or as `bigint` from a statement prepared with `bigints`. */
export type SqlValue = string | number | bigint | null | Buffer;
export type SqlParameter = SqlValue | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

export interface Statement {
  run(...parameters: SqlParameter[]): { readonly changes: number };
  get(...parameters: SqlParameter[]): SqlRow | undefined;
  all(...parameters: SqlParameter[]): SqlRow[];
  /** Every row as an array in the order of the columns: a third of the time of {@link Statement.all}. */
  arrays(...parameters: SqlParameter[]): SqlValue[][];
}

/** One connection to a SQLite file. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string, options?: { readonly bigints: boolean }): Statement;
  /** Runs `work` in one immediate transaction: all of it or nothing. @throws SimvueError `SIMVUE_ERR_DISK` when there is no room for it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface DatabaseOptions {
  readonly readonly?: boolean;
  /** Pages of the write-ahead log that are kept before they move into the file. */
  readonly autocheckpointPages?: number;
  /** How long a write waits for that of another process. */
  readonly busyTimeoutMilliseconds?: number;
  /** Most memory for pages of the file; SQLite's own 2,000 unless given. */
  readonly cacheKibibytes?: number;
  /** Page size of a new file; larger pages waste less behind large rows. */
  readonly pageBytes?: number;
  /** A new file can give room of deleted rows back (`PRAGMA incremental_vacuum`). */
  readonly returnsPages?: boolean;
  /** Told of each write that became durable (undefined), and of each for which there was no room. */
  readonly onWrite?: (trouble: string | undefined) => void;
}

/** Creates or upgrades a schema: the steps a file of version n still needs are those from index n on. */
export type Migrations = readonly (string | ((database: Database) => void))[];

/**
 * Opens a SQLite file in WAL mode with full synchronisation, with `node:sqlite` where Node has it (>= 22.13), else with `libsql`.
 *
 * @throws SimvueError `SIMVUE_ERR_DATA_DIRECTORY` when the file cannot be opened or was written by a newer version.
 */
export function openDatabase(path: string, migrations: Migrations, options: DatabaseOptions = {}): Database {
  try {
    const database = adapt(hasNodeSqlite() ? openNodeSqlite(path) : openLibsql(path), path, options.onWrite);
    database.exec(`PRAGMA page_size = ${options.pageBytes ?? 8192}`);
    if (options.returnsPages) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA foreign_keys = OFF');
    database.exec(`PRAGMA cache_size = -${options.cacheKibibytes ?? 2_000}`);
    database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMilliseconds ?? 0}`);
    database.exec(`PRAGMA wal_autocheckpoint = ${options.autocheckpointPages ?? 512}`);
    database.exec('PRAGMA journal_size_limit = 4194304');
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    if (error instanceof SimvueError && !isDiskError(error)) throw error;
    throw new SimvueError('SIMVUE_ERR_DATA_DIRECTORY', `--data: ${path} cannot be opened: ${errorText(error)}`, {
      cause: error,
    });
  }
}

/** Prepares queries by name; integers are read as `bigint`. */
export function prepareAll<Name extends string>(
  database: Database,
  queries: Readonly<Record<Name, string>>,
): Readonly<Record<Name, Statement>> {
  const prepared = Object.entries<string>(queries).map(([name, query]) => [
    name,
    database.prepare(query, { bigints: true }),
  ]);
  return Object.fromEntries(prepared);
}

function migrate(database: Database, path: string, migrations: Migrations): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > migrations.length) {
    throw new SimvueError(
      'SIMVUE_ERR_DATA_DIRECTORY',
      `--data: ${path} was written by a newer version of simvue-otel (format ${version}). Upgrade, or choose another directory`,
    );
  }
  for (let step = version; step < migrations.length; step++) {
    database.transaction(() => {
      const work = migrations[step] as Migrations[number];
      if (typeof work === 'string') database.exec(work);
      else work(database);
      database.exec(`PRAGMA user_version = ${step + 1}`);
    });
  }
}

/** Statement shape that libsql and node:sqlite share. */
interface NativeStatement {
  run(...parameters: unknown[]): { changes: number | bigint };
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
  raw?(on: boolean): unknown;
  safeIntegers?(on: boolean): unknown;
  setReadBigInts?(on: boolean): void;
}

interface NativeDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): NativeStatement;
  close(): void;
}

type NativeConstructor = new (path: string, options?: Record<string, unknown>) => NativeDatabase;

const require = createRequire(import.meta.url);

function hasNodeSqlite(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

function openNodeSqlite(path: string): NativeDatabase {
  const { DatabaseSync } = require('node:sqlite') as { DatabaseSync: NativeConstructor };
  return new DatabaseSync(path);
}

function openLibsql(path: string): NativeDatabase {
  const Libsql = require('libsql') as NativeConstructor;
  return new Libsql(path);
}

function adapt(native: NativeDatabase, path: string, onWrite: DatabaseOptions['onWrite']): Database {
  let isInTransaction = false;
  const exec = (sql: string): void => {
    native.exec(sql);
  };
  const written = <T>(work: () => T): T => {
    let result: T;
    try {
      result = work();
    } catch (error) {
      const reason = asDiskError(error, basename(path));
      if (isDiskError(reason)) onWrite?.(reason.message);
      throw reason;
    }
    onWrite?.(undefined);
    return result;
  };
  /** A statement of a transaction is durable with it, and fails with it. */
  const run = <T>(work: () => T): T => (isInTransaction ? work() : written(work));
  return {
    exec,
    prepare: (sql, options) => adaptStatement(native.prepare(sql), options?.bigints ?? false, run),
    transaction: (work) =>
      written(() => {
        exec('BEGIN IMMEDIATE');
        isInTransaction = true;
        try {
          const result = work();
          exec('COMMIT');
          return result;
        } catch (error) {
          rollBack(exec, error);
          throw error;
        } finally {
          isInTransaction = false;
        }
      }),
    close() {
      try {
        // libsql leaves the write-ahead log behind when statements are still there.
        exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch (error) {
        // Without room it stays, and is as good as the file.
        if (!isDiskError(asDiskError(error, path))) throw error;
      } finally {
        native.close();
      }
    },
  };
}

/** SQLite itself rolls back when the disk is full; that error must not hide behind "no transaction is active". */
function rollBack(exec: (sql: string) => void, reason: unknown): void {
  try {
    exec('ROLLBACK');
  } catch (error) {
    if (!errorText(error).includes('no transaction is active')) throw new AggregateError([reason, error]);
  }
}

function adaptStatement(native: NativeStatement, bigints: boolean, run: <T>(work: () => T) => T): Statement {
  if (bigints) {
    native.safeIntegers?.(true);
    native.setReadBigInts?.(true);
  }
  let isRaw = false;
  const setRaw = (raw: boolean): void => {
    if (raw !== isRaw) native.raw?.(raw);
    isRaw = raw;
  };
  return {
    run: (...parameters) => ({ changes: Number(run(() => native.run(...parameters.map(withoutNul)).changes)) }),
    get(...parameters) {
      setRaw(false);
      const row = native.get(...parameters.map(withoutNul));
      return row === undefined || row === null ? undefined : cleanRow(row as Record<string, unknown>);
    },
    all(...parameters) {
      setRaw(false);
      return native.all(...parameters.map(withoutNul)).map((row) => cleanRow(row as Record<string, unknown>));
    },
    arrays(...parameters) {
      setRaw(true);
      return native
        .all(...parameters.map(withoutNul))
        .map((row) => (Array.isArray(row) ? row : Object.values(row as object)).map(cleanValue));
    },
  };
}

/** libsql reads text up to its first NUL only: it is kept as its picture, U+2400, and found by either. */
function withoutNul(value: SqlParameter): SqlParameter {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u2400') : value;
}

/** libsql adds `_metadata` to rows of `get`, and both drivers give blobs as other views than Buffer. */
function cleanRow(row: Record<string, unknown>): SqlRow {
  if ('_metadata' in row) delete row['_metadata'];
  for (const key in row) {
    const value = row[key];
    if (typeof value === 'object') row[key] = cleanValue(value);
  }
  return row as SqlRow;
}

function cleanValue(value: unknown): SqlValue {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (value instanceof Uint8Array && !Buffer.isBuffer(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return value as SqlValue;
}
