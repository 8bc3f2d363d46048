/** Tenants, users, tokens (hashed) and browser sessions (hashed). */
export const ACCOUNT_SCHEMA = `
  CREATE TABLE tenant (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, is_enabled INTEGER NOT NULL,
    max_request_rate INTEGER NOT NULL, max_runs INTEGER NOT NULL, max_data_volume INTEGER NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE account (
    id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, fullname TEXT NOT NULL, email TEXT NOT NULL, tenant TEXT NOT NULL,
    is_manager INTEGER NOT NULL, is_admin INTEGER NOT NULL, is_readonly INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL, is_deleted INTEGER NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE token (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, username TEXT NOT NULL, scopes TEXT NOT NULL,
    created INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX token_of_user ON token (username, created);
  CREATE INDEX token_by_age ON token (created);
  CREATE TABLE session (
    hash TEXT PRIMARY KEY, token TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
