/** Says to every target that something of runs changed. @param runs - SQL, one column `run`. */
const note = (runs: string): string => `
    INSERT INTO export_pending SELECT id, changed.run, 1 FROM export_target JOIN (${runs}) changed WHERE true
      ON CONFLICT (target, run) DO UPDATE SET version = version + 1;`;

/**
 * Addresses to which data is forwarded, its runs there, and of each run what is not in the ingest log: `export_pending` names the
 * runs of which artifacts, alerts or grids changed (by triggers, so that no way of a change can be forgotten), `export_item`
 * what of them is at the target, `export_array` arrays that wait.
 */
export const EXPORT_SCHEMA = `
  CREATE TABLE export_target (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, position INTEGER NOT NULL, opened INTEGER NOT NULL,
    deletions INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE export_deletion (target INTEGER NOT NULL, remote TEXT NOT NULL, PRIMARY KEY (target, remote)) WITHOUT ROWID;
  CREATE TABLE export_run (
    target INTEGER NOT NULL, run TEXT NOT NULL, remote TEXT NOT NULL, start INTEGER NOT NULL, next_step INTEGER NOT NULL,
    sent INTEGER NOT NULL, PRIMARY KEY (target, run)
  ) WITHOUT ROWID;
  CREATE TABLE export_pending (
    target INTEGER NOT NULL, run TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (target, run)
  ) WITHOUT ROWID;
  CREATE TABLE export_item (
    target INTEGER NOT NULL, run TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL, remote TEXT NOT NULL, state TEXT,
    PRIMARY KEY (target, run, kind, item)
  ) WITHOUT ROWID;
  CREATE INDEX export_item_remote ON export_item (target, kind, item) WHERE state IS NOT NULL;
  CREATE TABLE export_array (
    target INTEGER NOT NULL, run TEXT NOT NULL, metric TEXT NOT NULL, step INTEGER NOT NULL,
    PRIMARY KEY (target, run, metric, step)
  ) WITHOUT ROWID;
  CREATE TRIGGER export_run_artifact AFTER INSERT ON run_artifact BEGIN ${note('SELECT NEW.run AS run')} END;
  CREATE TRIGGER export_category AFTER UPDATE ON run_artifact BEGIN ${note('SELECT NEW.run AS run')} END;
  CREATE TRIGGER export_content AFTER UPDATE OF stored_size ON artifact BEGIN
    ${note('SELECT run FROM run_artifact WHERE artifact = NEW.id')}
  END;
  CREATE TRIGGER export_run_alert AFTER INSERT ON run_alert BEGIN ${note('SELECT NEW.run AS run')} END;
  CREATE TRIGGER export_alert_status AFTER UPDATE OF attached, status ON run_alert BEGIN ${note('SELECT NEW.run AS run')} END;
  CREATE TRIGGER export_alert AFTER INSERT ON alert BEGIN ${note('SELECT run FROM run_alert WHERE alert = NEW.id')} END;
  CREATE TRIGGER export_grid AFTER INSERT ON run_grid BEGIN ${note('SELECT NEW.run AS run')} END;
  CREATE TRIGGER export_other_grid AFTER UPDATE ON run_grid BEGIN ${note('SELECT NEW.run AS run')} END;
  CREATE TRIGGER export_new_array AFTER INSERT ON export_array BEGIN ${note('SELECT NEW.run AS run')} END;
`;
