/** Addresses to which data is forwarded, and its runs there. */
export const EXPORT_SCHEMA = `
  CREATE TABLE export_target (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, position INTEGER NOT NULL, opened INTEGER NOT NULL
  );
  CREATE TABLE export_run (
    target INTEGER NOT NULL, run TEXT NOT NULL, remote TEXT NOT NULL, start INTEGER NOT NULL, next_step INTEGER NOT NULL,
    sent INTEGER NOT NULL, PRIMARY KEY (target, run)
  ) WITHOUT ROWID;
`;
