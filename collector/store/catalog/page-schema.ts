/** Colours that were chosen for runs, named lists of users and dashboards of folders; they go with what they belong to. */
export const PAGE_SCHEMA = `
  CREATE TABLE run_colour (run TEXT PRIMARY KEY, slot INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER run_colour_forget AFTER DELETE ON run BEGIN DELETE FROM run_colour WHERE run = old.id; END;
  CREATE TABLE saved_view (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, created INTEGER NOT NULL, UNIQUE (user, name)
  ) WITHOUT ROWID;
  CREATE TABLE dashboard (
    id TEXT PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL, cards TEXT NOT NULL, user TEXT NOT NULL,
    modified INTEGER NOT NULL, UNIQUE (folder, name)
  ) WITHOUT ROWID;
  CREATE TRIGGER dashboard_forget AFTER DELETE ON folder BEGIN DELETE FROM dashboard WHERE folder = old.id; END;
`;
