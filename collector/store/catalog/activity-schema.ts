import { MAX_ACTIVITY } from '../activity-store.ts';

/** An alert fires, or does so no longer: whoever changes its status. @param before - SQL of the former status. */
const alertChanged = (before: string): string => `
    INSERT INTO activity SELECT new.run, coalesce(max(number), 0) + 1, new.changed, 'alert',
      coalesce((SELECT name FROM alert WHERE id = new.alert), new.alert), json_quote(${before}), json_quote(new.status), '', ''
      FROM activity WHERE run = new.run;
    DELETE FROM activity WHERE run = new.run
      AND number <= (SELECT max(number) FROM activity WHERE run = new.run) - ${MAX_ACTIVITY};
  END;`;

/** What of runs became different, numbered within each run; needs the tables of alerts. */
export const ACTIVITY_SCHEMA = `
  CREATE TABLE activity (
    run TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, field TEXT NOT NULL, key TEXT NOT NULL,
    before TEXT, after TEXT, author TEXT NOT NULL, instance TEXT NOT NULL, PRIMARY KEY (run, number)
  ) WITHOUT ROWID;
  CREATE TRIGGER alert_told AFTER INSERT ON run_alert WHEN new.status = 'critical' BEGIN ${alertChanged('NULL')}
  CREATE TRIGGER alert_changed AFTER UPDATE OF status ON run_alert
    WHEN old.status IS NOT new.status AND old.changed <> new.changed AND (old.status = 'critical' OR new.status = 'critical')
    BEGIN ${alertChanged('old.status')}
`;
