import type { Migrations } from '../sqlite-database.ts';
import { packSummaries } from './pack-summaries.ts';

/** Tables of a shard's file. Times are nanoseconds since the epoch; NULL in a real column stands for NaN. */
export const SHARD_MIGRATIONS: Migrations = [
  `
  CREATE TABLE run (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    unit TEXT NOT NULL,
    temporality TEXT NOT NULL,
    instance TEXT NOT NULL
  );
  CREATE INDEX series_of_run ON series (run);
  CREATE TABLE chunk (
    series INTEGER NOT NULL,
    number INTEGER NOT NULL,
    count INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    finite_count INTEGER NOT NULL,
    min REAL, max REAL, sum REAL NOT NULL,
    min_time INTEGER NOT NULL, min_step REAL, min_run_time REAL,
    max_time INTEGER NOT NULL, max_step REAL, max_run_time REAL,
    last BLOB NOT NULL, last_step REAL, last_run_time REAL,
    step_low REAL, step_high REAL, run_time_low REAL, run_time_high REAL,
    sequence INTEGER NOT NULL,
    sequence_points INTEGER NOT NULL,
    points BLOB NOT NULL
  );
  CREATE UNIQUE INDEX chunk_summary ON chunk (
    series, number, count, first_time, last_time, finite_count, min, max, sum,
    min_time, min_step, min_run_time, max_time, max_step, max_run_time,
    last, last_step, last_run_time, step_low, step_high, run_time_low, run_time_high, sequence, sequence_points
  );
  CREATE INDEX chunk_time ON chunk (series, first_time, last_time, number);
  CREATE TABLE event (
    run INTEGER NOT NULL,
    time INTEGER NOT NULL,
    hash BLOB NOT NULL,
    repetition INTEGER NOT NULL,
    observed_time INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    severity_text TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    uid TEXT,
    instance TEXT NOT NULL,
    PRIMARY KEY (run, time, hash, repetition)
  ) WITHOUT ROWID;
  CREATE TABLE position (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), safe_sequence INTEGER NOT NULL);
  INSERT INTO position VALUES (1, 1);
  `,
  `
  CREATE TABLE metric_array (
    run INTEGER NOT NULL,
    metric TEXT NOT NULL,
    step INTEGER NOT NULL,
    time INTEGER NOT NULL,
    hash BLOB NOT NULL,
    run_time REAL NOT NULL,
    shape TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run, metric, step, time, hash)
  ) WITHOUT ROWID;
  `,
  // Summaries stand once, beside each other; before, an index repeated what the rows held.
  `
  CREATE TABLE chunk_points (id INTEGER PRIMARY KEY, points BLOB NOT NULL);
  INSERT INTO chunk_points SELECT rowid, points FROM chunk;
  ALTER TABLE chunk RENAME TO old_chunk;
  CREATE TABLE chunk (
    series INTEGER NOT NULL,
    number INTEGER NOT NULL,
    count INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    finite_count INTEGER NOT NULL,
    min REAL, max REAL, sum REAL NOT NULL,
    min_time INTEGER NOT NULL, min_step REAL, min_run_time REAL,
    max_time INTEGER NOT NULL, max_step REAL, max_run_time REAL,
    last BLOB NOT NULL, last_step REAL, last_run_time REAL,
    step_low REAL, step_high REAL, run_time_low REAL, run_time_high REAL,
    sequence INTEGER NOT NULL,
    sequence_points INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (series, number)
  ) WITHOUT ROWID;
  INSERT INTO chunk
    SELECT series, number, count, first_time, last_time, finite_count, min, max, sum,
      min_time, min_step, min_run_time, max_time, max_step, max_run_time,
      last, last_step, last_run_time, step_low, step_high, run_time_low, run_time_high, sequence, sequence_points, rowid
    FROM old_chunk;
  DROP TABLE old_chunk;
  CREATE INDEX chunk_time ON chunk (series, first_time, last_time, number);
  `,
  `
  CREATE TABLE span (
    run INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    span_id BLOB NOT NULL,
    trace_id BLOB NOT NULL,
    parent_span_id BLOB NOT NULL,
    end_time INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    status INTEGER NOT NULL,
    status_message TEXT NOT NULL,
    attributes TEXT NOT NULL,
    events TEXT NOT NULL,
    links TEXT NOT NULL,
    instance TEXT NOT NULL,
    PRIMARY KEY (run, start_time, span_id, trace_id)
  ) WITHOUT ROWID;
  CREATE INDEX span_name ON span (run, name, start_time);
  `,
  `
  CREATE TABLE writer (
    run INTEGER NOT NULL,
    instance TEXT NOT NULL,
    edges TEXT NOT NULL,
    given_up INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (run, instance)
  ) WITHOUT ROWID;
  `,
  // A table of runs asks for a few metrics of each.
  `
  DROP INDEX series_of_run;
  CREATE INDEX series_of_run ON series (run, display_name);
  `,
  // Lines of one millisecond stay in the order in which they came.
  'ALTER TABLE event ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0',
  // A chart reads the summaries of a thousand chunks: one value of bytes, not a row of columns each.
  packSummaries,
  `
  ALTER TABLE span ADD COLUMN trace_state TEXT NOT NULL DEFAULT '';
  ALTER TABLE span ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE span ADD COLUMN scope_name TEXT NOT NULL DEFAULT '';
  ALTER TABLE span ADD COLUMN scope_version TEXT NOT NULL DEFAULT '';
  `,
  // A list of runs is filtered by their events without a look at any.
  `
  ALTER TABLE run ADD COLUMN event_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run ADD COLUMN event_errors INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run ADD COLUMN event_warnings INTEGER NOT NULL DEFAULT 0;
  UPDATE run SET event_count = found.count, event_errors = found.errors, event_warnings = found.warnings FROM (
    SELECT run AS number, count(*) AS count, count(*) FILTER (WHERE severity >= 17) AS errors,
      count(*) FILTER (WHERE severity BETWEEN 13 AND 16) AS warnings
    FROM event GROUP BY run
  ) found WHERE run.number = found.number;
  `,
];
