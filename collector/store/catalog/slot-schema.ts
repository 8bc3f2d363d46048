import { PALETTE_SLOTS } from '../page-store.ts';

/** Places of runs in the palette: each gets the next as its own, and may be given another. */
export const SLOT_SCHEMA = `
  CREATE TABLE run_slot (run TEXT PRIMARY KEY, own INTEGER NOT NULL, chosen INTEGER) WITHOUT ROWID;
  INSERT INTO run_slot SELECT id, (row_number() OVER (ORDER BY created, id) - 1) % ${PALETTE_SLOTS},
    (SELECT slot FROM run_colour WHERE run = id) FROM run;
  CREATE TABLE next_slot (id INTEGER PRIMARY KEY, slot INTEGER NOT NULL);
  INSERT INTO next_slot SELECT 1, count(*) % ${PALETTE_SLOTS} FROM run;
  DROP TRIGGER run_colour_forget;
  DROP TABLE run_colour;
  CREATE TRIGGER run_slot_given AFTER INSERT ON run WHEN NOT EXISTS (SELECT 1 FROM run_slot WHERE run = new.id) BEGIN
    INSERT INTO run_slot (run, own) SELECT new.id, slot FROM next_slot;
    UPDATE next_slot SET slot = (slot + 1) % ${PALETTE_SLOTS};
  END;
  CREATE TRIGGER run_slot_deleted AFTER DELETE ON run BEGIN DELETE FROM run_slot WHERE run = old.id; END;
`;
