import { MAX_ACTIVITY } from '../activity-store.ts';

const REASON_CHARACTERS = 1_000;

/** A request to stop is part of a run's history, and is over when the run is taken up again: it would stop the next attempt. */
export const ABORT_SCHEMA = `
  CREATE TRIGGER run_abort_asked AFTER INSERT ON run_abort BEGIN
    INSERT INTO activity SELECT new.run, coalesce(max(number), 0) + 1, new.requested, 'abort', '', NULL,
      json_quote(substr(new.reason, 1, ${REASON_CHARACTERS})), new.user, '' FROM activity WHERE run = new.run;
    DELETE FROM activity WHERE run = new.run
      AND number <= (SELECT max(number) FROM activity WHERE run = new.run) - ${MAX_ACTIVITY};
  END;
  CREATE TRIGGER run_taken_up AFTER INSERT ON activity WHEN new.field = 'attempt' OR new.field = 'status'
    AND new.before IN ('"completed"', '"failed"', '"terminated"') AND new.after IN ('"created"', '"running"')
    BEGIN DELETE FROM run_abort WHERE run = new.run; END;
`;
