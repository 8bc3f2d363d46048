type Column = 'runs' | 'alerts' | 'tags' | 'artifacts' | 'content' | 'points' | 'events';

/** Sums of a user, changed in the transaction that changes what is summed. */
const add = (user: string, amounts: Partial<Record<Column, string>>): string => {
  const sums = Object.entries(amounts).map(([column, amount]) => `${column} = ${column} + (${amount})`);
  return `
    INSERT INTO user_usage (user) SELECT ${user} WHERE NOT EXISTS (SELECT 1 FROM user_usage WHERE user = ${user});
    UPDATE user_usage SET ${sums.join(', ')} WHERE user = ${user};`;
};

/** Rows that are written with REPLACE, which is no deletion: only a new id or another user counts. */
const countedRows = (table: 'run' | 'alert', column: Column): string => `
  CREATE TRIGGER ${table}_of_user BEFORE INSERT ON ${table} WHEN new.user IS NOT (SELECT user FROM ${table} WHERE id = new.id) BEGIN
    UPDATE user_usage SET ${column} = ${column} - 1 WHERE user = (SELECT user FROM ${table} WHERE id = new.id);
    ${add('new.user', { [column]: '1' })}
  END;
  CREATE TRIGGER ${table}_of_no_user AFTER DELETE ON ${table} BEGIN ${add('old.user', { [column]: '-1' })} END;`;

const received = (row: 'new' | 'old', sign: '' | '-'): string =>
  add(`${row}.user`, { points: `${sign}${row}.points`, events: `${sign}${row}.events` });

/** What each user has. Points and events are counted as they are received, from this version on. */
export const USER_USAGE_SCHEMA = `
  CREATE TABLE user_usage (
    user TEXT PRIMARY KEY, runs INTEGER NOT NULL DEFAULT 0, alerts INTEGER NOT NULL DEFAULT 0, tags INTEGER NOT NULL DEFAULT 0,
    artifacts INTEGER NOT NULL DEFAULT 0, content INTEGER NOT NULL DEFAULT 0, points INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  INSERT INTO user_usage
    SELECT user, sum(runs), sum(alerts), sum(tags), sum(artifacts), sum(content), 0, 0 FROM (
      SELECT user, count(*) AS runs, 0 AS alerts, 0 AS tags, 0 AS artifacts, 0 AS content FROM run GROUP BY user
      UNION ALL SELECT user, 0, count(*), 0, 0, 0 FROM alert GROUP BY user
      UNION ALL SELECT user, 0, 0, count(*), 0, 0 FROM tag GROUP BY user
      UNION ALL SELECT user, 0, 0, 0, count(*), coalesce(sum(stored_size), 0) FROM artifact GROUP BY user
    ) GROUP BY user;
  ALTER TABLE run_received ADD COLUMN user TEXT NOT NULL DEFAULT '';
  ALTER TABLE run_received ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run_received ADD COLUMN events INTEGER NOT NULL DEFAULT 0;
  UPDATE run_received SET user = coalesce((SELECT user FROM run WHERE id = run), '');
  ${countedRows('run', 'runs')}
  ${countedRows('alert', 'alerts')}
  CREATE TRIGGER tag_of_user AFTER INSERT ON tag BEGIN ${add('new.user', { tags: '1' })} END;
  CREATE TRIGGER tag_of_no_user AFTER DELETE ON tag BEGIN ${add('old.user', { tags: '-1' })} END;
  CREATE TRIGGER artifact_of_user AFTER INSERT ON artifact BEGIN ${add('new.user', { artifacts: '1' })} END;
  CREATE TRIGGER artifact_content_of_user AFTER UPDATE OF stored_size ON artifact
    BEGIN ${add('new.user', { content: 'coalesce(new.stored_size, 0) - coalesce(old.stored_size, 0)' })} END;
  CREATE TRIGGER artifact_of_no_user AFTER DELETE ON artifact
    BEGIN ${add('old.user', { artifacts: '-1', content: '-coalesce(old.stored_size, 0)' })} END;
  CREATE TRIGGER run_received_of_user BEFORE INSERT ON run
    WHEN EXISTS (SELECT 1 FROM run WHERE id = new.id AND user <> new.user)
    BEGIN UPDATE run_received SET user = new.user WHERE run = new.id; END;
  CREATE TRIGGER received_of_user AFTER INSERT ON run_received BEGIN ${received('new', '')} END;
  CREATE TRIGGER received_of_other AFTER UPDATE ON run_received BEGIN ${received('old', '-')} ${received('new', '')} END;
  CREATE TRIGGER received_of_no_user AFTER DELETE ON run_received BEGIN ${received('old', '-')} END;
`;
