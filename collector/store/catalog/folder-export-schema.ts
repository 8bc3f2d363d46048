/** Whether something is said of a folder. */
export const HAS_DETAILS = "(tags <> '[]' OR metadata <> '{}' OR description IS NOT NULL)";

/** Folders at the targets of exports; what is said of one waits while `version` is above `sent`. */
export const FOLDER_EXPORT_SCHEMA = `
  CREATE TABLE export_folder (
    target INTEGER NOT NULL, folder TEXT NOT NULL, version INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (target, folder)
  ) WITHOUT ROWID;
  CREATE INDEX export_folder_waiting ON export_folder (target, folder) WHERE version > sent;
  INSERT INTO export_folder (target, folder, version) SELECT target, path, ${HAS_DETAILS}
    FROM (SELECT DISTINCT target, folder FROM export_run JOIN run ON run.id = export_run.run) JOIN folder ON path = folder;
  CREATE TRIGGER export_folder_changed AFTER UPDATE ON folder
    WHEN (old.tags, old.metadata, old.description) IS NOT (new.tags, new.metadata, new.description) BEGIN
    UPDATE export_folder SET version = version + 1 WHERE target IN (SELECT id FROM export_target) AND folder = new.path;
  END;
  CREATE TRIGGER export_folder_deleted AFTER DELETE ON folder BEGIN
    DELETE FROM export_folder WHERE target IN (SELECT id FROM export_target) AND folder = old.path;
  END;
`;
