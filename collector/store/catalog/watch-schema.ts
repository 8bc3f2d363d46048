/** States of alerts by row number, which keeps one of some kB in its page, and the cells of long windows in parts. */
export const WATCH_SCHEMA = `
  ALTER TABLE alert_watch RENAME TO former_watch;
  CREATE TABLE alert_watch (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, alert TEXT NOT NULL, series TEXT NOT NULL, rule TEXT NOT NULL,
    sequence INTEGER NOT NULL, evaluations INTEGER NOT NULL, state BLOB NOT NULL, UNIQUE (run, alert, series)
  );
  INSERT INTO alert_watch SELECT NULL, run, alert, series, rule, sequence, evaluations, state FROM former_watch;
  DROP TABLE former_watch;
  CREATE TABLE alert_watch_part (
    watch INTEGER NOT NULL, part INTEGER NOT NULL, cells BLOB NOT NULL, PRIMARY KEY (watch, part)
  ) WITHOUT ROWID;
  CREATE TRIGGER alert_watch_gone AFTER DELETE ON alert_watch
  BEGIN DELETE FROM alert_watch_part WHERE watch = old.id; END;
  CREATE TRIGGER alert_watch_other AFTER UPDATE OF rule ON alert_watch WHEN old.rule <> new.rule
  BEGIN DELETE FROM alert_watch_part WHERE watch = old.id; END;
`;
