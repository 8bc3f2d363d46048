/** Artifacts, the runs they belong to, and where their bytes are kept. */
export const ARTIFACT_SCHEMA = `
  CREATE TABLE artifact (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, original_path TEXT NOT NULL, size INTEGER NOT NULL, mime_type TEXT NOT NULL,
    checksum TEXT NOT NULL, metadata TEXT NOT NULL, uploaded INTEGER NOT NULL, stored_size INTEGER,
    storage TEXT NOT NULL, user TEXT NOT NULL, tenant TEXT NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX artifact_created ON artifact (created, id);
  CREATE TABLE run_artifact (
    run TEXT NOT NULL, artifact TEXT NOT NULL, category TEXT NOT NULL, added INTEGER NOT NULL,
    PRIMARY KEY (run, artifact)
  ) WITHOUT ROWID;
  CREATE INDEX run_artifact_artifact ON run_artifact (artifact, run);
  CREATE TABLE storage (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, backend TEXT NOT NULL, config TEXT NOT NULL,
    is_default INTEGER NOT NULL, is_enabled INTEGER NOT NULL, is_tenant_useable INTEGER NOT NULL,
    user TEXT NOT NULL, tenant TEXT NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
