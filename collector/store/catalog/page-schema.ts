import { PALETTE_SLOTS } from '../page-store.ts';

/** Colours of runs, each its own by turns, named lists of users and dashboards of folders; they go with what they belong to. */
export const PAGE_SCHEMA = `
  CREATE TABLE run_colour (run TEXT PRIMARY KEY, own INTEGER NOT NULL, chosen INTEGER) WITHOUT ROWID;
  CREATE TABLE next_colour (id INTEGER PRIMARY KEY, slot INTEGER NOT NULL);
  INSERT INTO next_colour VALUES (1, 0);
  CREATE TRIGGER run_colour_give AFTER INSERT ON run WHEN NOT EXISTS (SELECT 1 FROM run_colour WHERE run = new.id) BEGIN
    INSERT INTO run_colour (run, own) SELECT new.id, slot FROM next_colour;
    UPDATE next_colour SET slot = (slot + 1) % ${PALETTE_SLOTS};
  END;
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
