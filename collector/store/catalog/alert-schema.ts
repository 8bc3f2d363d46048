const NEWS = `'completed', 'failed', 'terminated', 'lost'`;

/**
 * Definitions of alerts, the runs they are attached to and their status there. `digest` = hash of what makes two definitions the same.
 * `alert_watch` (as it was before `WATCH_SCHEMA`), `alert_run`: the evaluation of each series; `alert_evaluation`: a ring of the last ones, slot by slot; `alert_outbox`: messages.
 * `alert_news`: runs that ended or were lost since, put there with the change of status itself: what follows from it survives a crash.
 */
export const ALERT_SCHEMA = `
  CREATE TABLE alert (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL, definition TEXT, description TEXT,
    notification TEXT NOT NULL, enabled INTEGER NOT NULL, abort INTEGER NOT NULL, auto INTEGER NOT NULL,
    run_tags TEXT NOT NULL, delay REAL NOT NULL, digest TEXT NOT NULL,
    user TEXT NOT NULL, tenant TEXT NOT NULL, created INTEGER NOT NULL, revision INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX alert_digest ON alert (digest);
  CREATE INDEX alert_auto ON alert (id) WHERE auto = 1 AND enabled = 1;
  CREATE INDEX alert_name ON alert (name, id);
  CREATE INDEX alert_created ON alert (created, id);
  CREATE TABLE run_alert (
    run TEXT NOT NULL, alert TEXT NOT NULL, attached INTEGER NOT NULL, status TEXT, changed INTEGER NOT NULL,
    PRIMARY KEY (run, alert)
  ) WITHOUT ROWID;
  CREATE INDEX run_alert_alert ON run_alert (alert, run);
  CREATE INDEX run_alert_status ON run_alert (status, run);
  CREATE TABLE alert_watch (
    run TEXT NOT NULL, alert TEXT NOT NULL, series TEXT NOT NULL, rule TEXT NOT NULL, sequence INTEGER NOT NULL,
    evaluations INTEGER NOT NULL, state BLOB NOT NULL, PRIMARY KEY (run, alert, series)
  ) WITHOUT ROWID;
  CREATE TABLE alert_run (run TEXT PRIMARY KEY, start INTEGER NOT NULL, reached REAL NOT NULL) WITHOUT ROWID;
  CREATE TABLE alert_evaluation (
    run TEXT NOT NULL, alert TEXT NOT NULL, series TEXT NOT NULL, slot INTEGER NOT NULL, time INTEGER NOT NULL,
    start INTEGER NOT NULL, share REAL NOT NULL, points INTEGER NOT NULL, non_finite INTEGER NOT NULL, late INTEGER NOT NULL,
    skipped INTEGER NOT NULL, value REAL, verdict TEXT NOT NULL, changed INTEGER NOT NULL,
    PRIMARY KEY (run, alert, series, slot)
  ) WITHOUT ROWID;
  CREATE TABLE alert_outbox (
    id TEXT NOT NULL, channel TEXT NOT NULL, run TEXT NOT NULL, alert TEXT NOT NULL, series TEXT NOT NULL, state TEXT NOT NULL,
    time INTEGER NOT NULL, message TEXT NOT NULL, created INTEGER NOT NULL, attempts INTEGER NOT NULL, error TEXT, sent INTEGER,
    is_last INTEGER NOT NULL, PRIMARY KEY (channel, id)
  ) WITHOUT ROWID;
  CREATE INDEX alert_outbox_waiting ON alert_outbox (channel, created) WHERE sent IS NULL;
  CREATE INDEX alert_outbox_firing ON alert_outbox (channel, run) WHERE is_last = 1 AND state = 'firing';
  CREATE INDEX alert_outbox_told ON alert_outbox (alert, run) WHERE is_last = 1 AND state = 'firing';
  CREATE INDEX alert_outbox_run ON alert_outbox (run, alert, series, channel);
  CREATE INDEX alert_outbox_sent ON alert_outbox (sent) WHERE sent IS NOT NULL;
  CREATE TABLE alert_position (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL);
  CREATE TABLE alert_news (run TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TRIGGER run_news BEFORE INSERT ON run
    WHEN new.status IN (${NEWS}) AND new.status IS NOT (SELECT status FROM run WHERE id = new.id)
  BEGIN INSERT OR REPLACE INTO alert_news VALUES (new.id); END;
  CREATE TRIGGER run_lost AFTER UPDATE OF status ON run WHEN new.status = 'lost' AND old.status <> 'lost'
  BEGIN INSERT OR REPLACE INTO alert_news VALUES (new.id); END;
`;
