import { EMBEDDED_STORAGE_ID } from '../storage-store.ts';

/** Artifacts, the runs they belong to, content that waits to be removed, and where content is kept. */
export const ARTIFACT_SCHEMA = `
  CREATE TABLE artifact (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, original_path TEXT NOT NULL, size INTEGER NOT NULL, mime_type TEXT NOT NULL,
    checksum TEXT NOT NULL, metadata TEXT NOT NULL, uploaded INTEGER NOT NULL DEFAULT 0, stored_size INTEGER,
    storage TEXT NOT NULL, user TEXT NOT NULL, tenant TEXT NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX artifact_created ON artifact (created, id);
  CREATE INDEX artifact_name ON artifact (name, id);
  CREATE INDEX artifact_checksum ON artifact (checksum, id);
  CREATE INDEX artifact_storage ON artifact (storage);
  CREATE TABLE run_artifact (
    run TEXT NOT NULL, artifact TEXT NOT NULL, category TEXT NOT NULL, added INTEGER NOT NULL,
    PRIMARY KEY (run, artifact)
  ) WITHOUT ROWID;
  CREATE INDEX run_artifact_artifact ON run_artifact (artifact, run);
  CREATE TABLE removed_content (artifact TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE storage (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, backend TEXT NOT NULL, config TEXT NOT NULL,
    is_default INTEGER NOT NULL, is_enabled INTEGER NOT NULL, is_tenant_useable INTEGER NOT NULL,
    user TEXT NOT NULL, tenant TEXT NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO storage VALUES (
    '${EMBEDDED_STORAGE_ID}', 'embedded', 'File', '{}', 1, 1, 1, 'local', 'default',
    CAST(strftime('%s', 'now') AS INTEGER) * 1000000000
  );
`;
