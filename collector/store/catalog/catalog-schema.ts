import type { Migrations } from '../sqlite-database.ts';
import { ACCOUNT_SCHEMA } from './account-schema.ts';
import { ACTIVITY_SCHEMA } from './activity-schema.ts';
import { ALERT_SCHEMA } from './alert-schema.ts';
import { ARTIFACT_SCHEMA } from './artifact-schema.ts';
import { COUNT_SCHEMA } from './count-schema.ts';
import { EXPORT_SCHEMA } from './export-schema.ts';
import { FOLDER_EXPORT_SCHEMA } from './folder-export-schema.ts';
import { GRID_SCHEMA } from './grid-schema.ts';
import { NAMESAKE_SCHEMA } from './namesake-schema.ts';
import { PAGE_SCHEMA } from './page-schema.ts';
import { QUERY_SCHEMA } from './query-schema.ts';
import { REACH_SCHEMA } from './reach-schema.ts';
import { RUN_SCHEMA } from './run-schema.ts';
import { SLOT_SCHEMA } from './slot-schema.ts';
import { USAGE_SCHEMA } from './usage-schema.ts';
import { USER_USAGE_SCHEMA } from './user-usage-schema.ts';
import { WATCH_SCHEMA } from './watch-schema.ts';

/**
 * Tables of the catalogue. Times are nanoseconds since the epoch; `state` is the fold of all changes, the other columns are made from it.
 * Rows of runs are large: they have row ids (a search among large keys reads them whole), and `state` is last (only a write needs it).
 */
export const CATALOG_MIGRATIONS: Migrations = [
  `
  CREATE TABLE run (
    id TEXT PRIMARY KEY NOT NULL,
    external_id TEXT,
    name TEXT NOT NULL,
    folder TEXT NOT NULL,
    status TEXT NOT NULL,
    description TEXT,
    tags TEXT NOT NULL,
    metadata TEXT NOT NULL,
    system TEXT NOT NULL,
    user TEXT NOT NULL,
    created INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    modified INTEGER NOT NULL,
    last_sign INTEGER,
    heartbeat_timeout INTEGER,
    retention INTEGER,
    notification TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    exit_code INTEGER,
    exit_signal TEXT,
    tenant TEXT NOT NULL DEFAULT 'default',
    visibility TEXT NOT NULL DEFAULT '{"users":[],"tenant":false,"public":false}',
    is_tenant INTEGER NOT NULL DEFAULT 0,
    is_public INTEGER NOT NULL DEFAULT 0,
    lost_at INTEGER,
    state TEXT NOT NULL
  );
  CREATE INDEX run_created ON run (created, id);
  CREATE INDEX run_status ON run (status, created, id);
  CREATE INDEX run_folder ON run (folder, created, id);
  CREATE INDEX run_name ON run (name, created, id);
  CREATE TABLE run_tag (
    tag TEXT NOT NULL, created INTEGER NOT NULL, run TEXT NOT NULL, status TEXT NOT NULL, PRIMARY KEY (tag, created, run)
  ) WITHOUT ROWID;
  CREATE INDEX run_tag_status ON run_tag (tag, status, created, run);
  CREATE INDEX run_tag_run ON run_tag (run, tag);
  CREATE TABLE run_metadata (
    key TEXT NOT NULL, text TEXT NOT NULL, number REAL, run TEXT NOT NULL, PRIMARY KEY (key, text, run)
  ) WITHOUT ROWID;
  CREATE INDEX run_metadata_number ON run_metadata (key, number);
  CREATE INDEX run_metadata_run ON run_metadata (run, key);
  CREATE TABLE instance (
    run TEXT NOT NULL, instance TEXT NOT NULL, first_sign INTEGER, last_sign INTEGER,
    role TEXT NOT NULL DEFAULT '', ended INTEGER NOT NULL DEFAULT 0,
    lifecycle_at INTEGER NOT NULL DEFAULT -1, system TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (run, instance)
  ) WITHOUT ROWID;
  CREATE TABLE folder (
    path TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    description TEXT,
    tags TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    state TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX folder_created ON folder (created, path);
  CREATE TABLE tombstone (run TEXT PRIMARY KEY, deleted INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `,
  [
    RUN_SCHEMA,
    ALERT_SCHEMA,
    ARTIFACT_SCHEMA,
    ACCOUNT_SCHEMA,
    GRID_SCHEMA,
    EXPORT_SCHEMA,
    QUERY_SCHEMA,
    USAGE_SCHEMA,
    PAGE_SCHEMA,
    ACTIVITY_SCHEMA,
  ].join('\n'),
  COUNT_SCHEMA,
  SLOT_SCHEMA,
  WATCH_SCHEMA,
  REACH_SCHEMA,
  USER_USAGE_SCHEMA,
  FOLDER_EXPORT_SCHEMA,
  NAMESAKE_SCHEMA,
];
