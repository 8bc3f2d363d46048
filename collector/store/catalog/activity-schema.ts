/** What of runs became different, numbered within each run. */
export const ACTIVITY_SCHEMA = `
  CREATE TABLE activity (
    run TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, field TEXT NOT NULL, key TEXT NOT NULL,
    before TEXT, after TEXT, author TEXT NOT NULL, instance TEXT NOT NULL, PRIMARY KEY (run, number)
  ) WITHOUT ROWID;
`;
