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

/** The rows that `LeafTable` writes, for what was there before the table: literal keys before paths. */
function leavesOf(column: 'metadata' | 'system', owner: 'run' | 'folder', id: 'id' | 'path'): string {
  return `
  INSERT OR IGNORE INTO ${owner}_${column} (key, ${owner}, text, number, created)
    WITH RECURSIVE leaf (key, owner, value, type, created, depth) AS (
      SELECT e.key, o.${id}, e.value, e.type, o.created, 1 FROM ${owner} o, json_each(o.${column}) e
      UNION ALL
      SELECT leaf.key || '.' || e.key, owner, e.value, e.type, created, depth + 1
        FROM leaf, json_each(CASE leaf.type WHEN 'object' THEN leaf.value ELSE '{}' END) e
    )
    SELECT key, owner,
      substr(CASE WHEN type IN ('true', 'false', 'null') THEN type ELSE value END, 1, 1000),
      CASE WHEN type IN ('integer', 'real') OR (type = 'text' AND value IN (CAST(CAST(value AS INTEGER) AS TEXT), CAST(CAST(value AS REAL) AS TEXT)))
        THEN CAST(value AS REAL) END,
      created
    FROM leaf ORDER BY depth;
  `;
}

/** Leaves of the metadata and the system of runs, and of the metadata of folders: what lists are filtered by. */
export const QUERY_SCHEMA = `
  DROP TABLE run_metadata;
  ${leafTable('run_metadata', 'run')}
  ${leavesOf('metadata', 'run', 'id')}
  ${leafTable('run_system', 'run')}
  ${leavesOf('system', 'run', 'id')}
  ${leafTable('folder_metadata', 'folder')}
  ${leavesOf('metadata', 'folder', 'path')}
`;
