import { EXPIRY_INDEXES } from './run-expiry.ts';

/** Owner's tenant, who may read, and what a REST client asks of a run or a folder beyond the first version. */
export const RUN_SCHEMA = `
  CREATE INDEX run_user ON run (user, created, id);
  CREATE TABLE run_reader (user TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (user, run)) WITHOUT ROWID;
  CREATE INDEX run_reader_run ON run_reader (run);
  CREATE TABLE run_abort (
    run TEXT PRIMARY KEY, reason TEXT NOT NULL, user TEXT NOT NULL, requested INTEGER NOT NULL
  ) WITHOUT ROWID;
  ALTER TABLE folder ADD COLUMN name TEXT;
  ALTER TABLE folder ADD COLUMN retention INTEGER;
  ALTER TABLE folder ADD COLUMN user TEXT NOT NULL DEFAULT 'local';
  ALTER TABLE folder ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
  ALTER TABLE folder ADD COLUMN visibility TEXT NOT NULL DEFAULT '{"users":[],"tenant":false,"public":false}';
  CREATE TABLE star (
    user TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('run', 'folder')), id TEXT NOT NULL,
    PRIMARY KEY (user, kind, id)
  ) WITHOUT ROWID;
  CREATE INDEX star_id ON star (kind, id);
  CREATE TABLE tag (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, colour TEXT NOT NULL, description TEXT,
    user TEXT NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO tag
    SELECT lower(hex(randomblob(11))), tag, '#' || lower(hex(randomblob(3))), NULL, 'local', min(created) FROM run_tag GROUP BY tag;
${EXPIRY_INDEXES}`;
