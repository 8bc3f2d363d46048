import type { Scope } from '../../pipeline/principal.ts';
import type { AccountRow, AccountStore, Page, TenantRow, TokenRow } from '../account-store.ts';
import { type Database, prepareAll, type SqlRow, type SqlValue, type Statement } from '../sqlite-database.ts';

const QUERIES = {
  addToken: 'INSERT INTO token (id, hash, name, username, scopes, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)',
  tokenByHash: 'SELECT * FROM token WHERE hash = ?',
  tokens: 'SELECT * FROM token ORDER BY created, id',
  token: 'SELECT * FROM token WHERE id = ?',
  tokenPage: 'SELECT * FROM token ORDER BY created DESC LIMIT ? OFFSET ?',
  countTokens: 'SELECT count(*) AS total FROM token',
  tokenPageOf: 'SELECT * FROM token WHERE username = ? ORDER BY created DESC LIMIT ? OFFSET ?',
  countTokensOf: 'SELECT count(*) AS total FROM token WHERE username = ?',
  revoke: 'UPDATE token SET revoked = ? WHERE id = ? AND revoked IS NULL',
  addSession: 'INSERT INTO session (hash, token, created, expires) VALUES (?, ?, ?, ?)',
  expireSessions: 'DELETE FROM session WHERE expires < ?',
  tokenOfSession: 'SELECT t.* FROM session s JOIN token t ON t.id = s.token WHERE s.hash = ? AND s.expires >= ?',
  removeSession: 'DELETE FROM session WHERE hash = ?',
  users: 'SELECT * FROM account ORDER BY username LIMIT ? OFFSET ?',
  countUsers: 'SELECT count(*) AS total FROM account',
  user: 'SELECT * FROM account WHERE id = ?1 OR username = ?1',
  hasUsers: 'SELECT 1 FROM account WHERE tenant = ? AND is_deleted = 0 LIMIT 1',
  isOwner: `SELECT 1 FROM (SELECT 1 FROM token WHERE username = ?1 UNION ALL SELECT 1 FROM run WHERE user = ?1) LIMIT 1`,
  putUser: `INSERT OR REPLACE INTO account
    (id, username, fullname, email, tenant, is_manager, is_admin, is_readonly, is_enabled, is_deleted, created)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  tenants: 'SELECT * FROM tenant ORDER BY name LIMIT ? OFFSET ?',
  countTenants: 'SELECT count(*) AS total FROM tenant',
  tenant: 'SELECT * FROM tenant WHERE id = ?1 OR name = ?1',
  putTenant: `INSERT OR REPLACE INTO tenant
    (id, name, is_enabled, max_request_rate, max_runs, max_data_volume, created) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  removeTenant: 'DELETE FROM tenant WHERE id = ?',
} as const;

/** Accounts in the catalogue; another process, `simvue-collector token`, may change them at the same time. */
export class SqliteAccounts implements AccountStore {
  readonly #now: () => bigint;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#now = nowUnixNano;
    this.#statements = prepareAll(database, QUERIES);
    this.#statements.expireSessions.run(nowUnixNano());
  }

  addToken(token: Omit<TokenRow, 'revokedUnixNano'>, hash: string): void {
    const { id, name, username, scopes, createdUnixNano, expiresUnixNano } = token;
    this.#statements.addToken.run(id, hash, name, username, scopes.join(' '), createdUnixNano, expiresUnixNano);
  }

  tokenByHash(hash: string): TokenRow | undefined {
    return read(this.#statements.tokenByHash.get(hash), readToken);
  }

  tokens(): readonly TokenRow[] {
    return this.#statements.tokens.all().map(readToken);
  }

  token(id: string): TokenRow | undefined {
    return read(this.#statements.token.get(id), readToken);
  }

  tokenPage(username: string | undefined, start: number, count: number): Page<TokenRow> {
    const { tokenPage, tokenPageOf, countTokens, countTokensOf } = this.#statements;
    const limit = count > 0 ? count : -1;
    const rows = username === undefined ? tokenPage.all(limit, start) : tokenPageOf.all(username, limit, start);
    const total = username === undefined ? countTokens.get() : countTokensOf.get(username);
    return { count: Number(total?.['total'] ?? 0), data: rows.map(readToken) };
  }

  revokeToken(id: string): boolean {
    return this.#statements.revoke.run(this.#now(), id).changes > 0;
  }

  addSession(hash: string, tokenId: string, expiresUnixNano: bigint): void {
    this.#statements.expireSessions.run(this.#now());
    this.#statements.addSession.run(hash, tokenId, this.#now(), expiresUnixNano);
  }

  tokenOfSession(hash: string): TokenRow | undefined {
    return read(this.#statements.tokenOfSession.get(hash, this.#now()), readToken);
  }

  removeSession(hash: string): void {
    this.#statements.removeSession.run(hash);
  }

  users(start: number, count: number): Page<AccountRow> {
    const data = this.#statements.users.all(count > 0 ? count : -1, start).map(readAccount);
    return { count: Number(this.#statements.countUsers.get()?.['total'] ?? 0), data };
  }

  user(idOrName: string): AccountRow | undefined {
    return read(this.#statements.user.get(idOrName), readAccount);
  }

  hasUsers(tenant: string): boolean {
    return this.#statements.hasUsers.get(tenant) !== undefined;
  }

  isOwner(username: string): boolean {
    return this.#statements.isOwner.get(username) !== undefined;
  }

  putUser(user: AccountRow): void {
    this.#statements.putUser.run(
      user.id,
      user.username,
      user.fullname,
      user.email,
      user.tenant,
      flag(user.isManager),
      flag(user.isAdmin),
      flag(user.isReadonly),
      flag(user.isEnabled),
      flag(user.isDeleted),
      user.createdUnixNano,
    );
  }

  tenants(start: number, count: number): Page<TenantRow> {
    const data = this.#statements.tenants.all(count > 0 ? count : -1, start).map(readTenant);
    return { count: Number(this.#statements.countTenants.get()?.['total'] ?? 0), data };
  }

  tenant(idOrName: string): TenantRow | undefined {
    return read(this.#statements.tenant.get(idOrName), readTenant);
  }

  putTenant(tenant: TenantRow): void {
    this.#statements.putTenant.run(
      tenant.id,
      tenant.name,
      flag(tenant.isEnabled),
      tenant.maxRequestRate,
      tenant.maxRuns,
      tenant.maxDataVolume,
      tenant.createdUnixNano,
    );
  }

  removeTenant(id: string): void {
    this.#statements.removeTenant.run(id);
  }
}

const flag = (value: boolean): number => (value ? 1 : 0);
const isSet = (value: SqlValue | undefined): boolean => value === 1n;

function read<T>(row: SqlRow | undefined, reader: (row: SqlRow) => T): T | undefined {
  return row === undefined ? undefined : reader(row);
}

function readToken(row: SqlRow): TokenRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    username: row['username'] as string,
    scopes: (row['scopes'] as string).split(' ') as Scope[],
    createdUnixNano: row['created'] as bigint,
    expiresUnixNano: row['expires'] as bigint,
    revokedUnixNano: row['revoked'] as bigint | null,
  };
}

function readAccount(row: SqlRow): AccountRow {
  return {
    id: row['id'] as string,
    username: row['username'] as string,
    fullname: row['fullname'] as string,
    email: row['email'] as string,
    tenant: row['tenant'] as string,
    isManager: isSet(row['is_manager']),
    isAdmin: isSet(row['is_admin']),
    isReadonly: isSet(row['is_readonly']),
    isEnabled: isSet(row['is_enabled']),
    isDeleted: isSet(row['is_deleted']),
    createdUnixNano: row['created'] as bigint,
  };
}

function readTenant(row: SqlRow): TenantRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    isEnabled: isSet(row['is_enabled']),
    maxRequestRate: Number(row['max_request_rate']),
    maxRuns: Number(row['max_runs']),
    maxDataVolume: Number(row['max_data_volume']),
    createdUnixNano: row['created'] as bigint,
  };
}
