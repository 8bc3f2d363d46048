/** Leaves of `run.system` and of the metadata of folders, tags of folders: what lists are filtered by. */
export const QUERY_SCHEMA = `
  CREATE TABLE run_system (
    key TEXT NOT NULL, text TEXT NOT NULL, number REAL, run TEXT NOT NULL, PRIMARY KEY (key, text, run)
  ) WITHOUT ROWID;
  CREATE INDEX run_system_run ON run_system (run, key);
  CREATE TABLE folder_metadata (
    key TEXT NOT NULL, text TEXT NOT NULL, number REAL, folder TEXT NOT NULL, PRIMARY KEY (key, text, folder)
  ) WITHOUT ROWID;
  CREATE INDEX folder_metadata_folder ON folder_metadata (folder, key);
`;
