/** Definitions of alerts, the runs they are attached to and their status there. `digest` = hash of what makes two definitions the same. */
export const ALERT_SCHEMA = `
  CREATE TABLE alert (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL, definition TEXT, description TEXT,
    notification TEXT NOT NULL, enabled INTEGER NOT NULL, abort INTEGER NOT NULL, auto INTEGER NOT NULL,
    run_tags TEXT NOT NULL, delay INTEGER NOT NULL, digest TEXT NOT NULL,
    user TEXT NOT NULL, tenant TEXT NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX alert_digest ON alert (digest);
  CREATE INDEX alert_name ON alert (name, id);
  CREATE INDEX alert_created ON alert (created, id);
  CREATE TABLE run_alert (
    run TEXT NOT NULL, alert TEXT NOT NULL, attached INTEGER NOT NULL, status TEXT, changed INTEGER NOT NULL,
    PRIMARY KEY (run, alert)
  ) WITHOUT ROWID;
  CREATE INDEX run_alert_alert ON run_alert (alert, run);
  CREATE INDEX run_alert_status ON run_alert (status, run);
`;
