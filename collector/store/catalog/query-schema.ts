/** One row a key and owner, with the creation of the owner: a comparison is a range of an index, in the order of lists. */
function leafTable(table: string, owner: string): string {
  return `
  CREATE TABLE ${table} (
    key TEXT NOT NULL, ${owner} TEXT NOT NULL, text TEXT NOT NULL, number REAL, created INTEGER NOT NULL,
    PRIMARY KEY (key, ${owner})
  ) WITHOUT ROWID;
  CREATE INDEX ${table}_number ON ${table} (key, number, created);
  CREATE INDEX ${table}_text ON ${table} (key, text, created);
  CREATE INDEX ${table}_owner ON ${table} (${owner});
  `;
}

/** Leaves of the metadata and the system of runs, and of the metadata of folders: what lists are filtered by. */
export const QUERY_SCHEMA = `
  ALTER TABLE run_metadata RENAME TO old_metadata;
  DROP INDEX run_metadata_number;
  ${leafTable('run_metadata', 'run').replace('run_metadata_owner', 'run_metadata_of')}
  INSERT OR IGNORE INTO run_metadata (key, run, text, number, created)
    SELECT key, run, text, number, created FROM old_metadata JOIN run ON run.id = old_metadata.run;
  DROP TABLE old_metadata;
  ${leafTable('run_system', 'run')}
  ${leafTable('folder_metadata', 'folder')}
`;
