/** Simvue's names of what an OpenTelemetry resource calls otherwise. */
export const SYSTEM_ALIASES: Readonly<Record<string, string>> = {
  'host.name': 'hostname',
  'process.working_directory': 'cwd',
  'process.runtime.version': 'pythonversion',
  'os.type': 'platform.system',
  'os.version': 'platform.version',
  'host.arch': 'cpu.arch',
};

/** One row a key and owner, with the creation of the owner: a comparison is a range of an index, in the order of lists. */
function leafTable(table: string, owner: string): string {
  return `
  CREATE TABLE ${table} (
    key TEXT NOT NULL, ${owner} TEXT NOT NULL, text TEXT NOT NULL, number REAL, created INTEGER NOT NULL,
    PRIMARY KEY (key, ${owner})
  ) WITHOUT ROWID;
  CREATE INDEX ${table}_number ON ${table} (key, number, created);
  CREATE INDEX ${table}_text ON ${table} (key, text, created) WHERE number IS NULL;
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

const ALIASES = Object.entries(SYSTEM_ALIASES).map(
  ([key, alias]) => `INSERT OR IGNORE INTO run_system (key, run, text, number, created)
    SELECT '${alias}', run, text, number, created FROM run_system WHERE key = '${key}';`,
);

/**
 * Columns of runs that lists are filtered and sorted by, without the wide rest of the row:
 * reading them all is a tenth of the work.
 */
const RUN_LIST = `CREATE INDEX run_list ON run (
  id, created, status, folder, name, user, tenant, is_tenant, is_public, started, ended, modified
);`;

/** Leaves of the metadata and the system of runs, and of the metadata of folders: what lists are filtered by. */
export const QUERY_SCHEMA = `
  ${RUN_LIST}
  DROP TABLE run_metadata;
  ${leafTable('run_metadata', 'run')}
  ${leavesOf('metadata', 'run', 'id')}
  ${leafTable('run_system', 'run')}
  ${leavesOf('system', 'run', 'id')}
  ${ALIASES.join('\n  ')}
  ${leafTable('folder_metadata', 'folder')}
  ${leavesOf('metadata', 'folder', 'path')}
`;
