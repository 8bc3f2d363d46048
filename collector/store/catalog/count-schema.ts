type Field = 'status' | 'folder' | 'tag';

const less = (field: Field, value: string): string => `
    UPDATE run_count SET runs = runs - 1 WHERE field = '${field}' AND value = ${value};
    DELETE FROM run_count WHERE field = '${field}' AND value = ${value} AND runs = 0;`;

const more = (field: Field, value: string): string => `
    INSERT INTO run_count SELECT '${field}', ${value}, 0
      WHERE NOT EXISTS (SELECT 1 FROM run_count WHERE field = '${field}' AND value = ${value});
    UPDATE run_count SET runs = runs + 1 WHERE field = '${field}' AND value = ${value};`;

/** A run is written with REPLACE, which is no deletion. */
const countedBy = (column: 'status' | 'folder'): string => {
  const before = `(SELECT ${column} FROM run WHERE id = new.id)`;
  return `
  INSERT INTO run_count SELECT '${column}', ${column}, count(*) FROM run GROUP BY ${column};
  CREATE TRIGGER run_${column}_written BEFORE INSERT ON run WHEN new.${column} IS NOT ${before}
    BEGIN ${less(column, before)} ${more(column, `new.${column}`)} END;
  CREATE TRIGGER run_${column}_changed AFTER UPDATE OF ${column} ON run WHEN new.${column} <> old.${column}
    BEGIN ${less(column, `old.${column}`)} ${more(column, `new.${column}`)} END;
  CREATE TRIGGER run_${column}_deleted AFTER DELETE ON run BEGIN ${less(column, `old.${column}`)} END;`;
};

/** Numbers of runs of each status, folder and tag, changed in the transaction that changes the runs: a list tells how many match, and shows a page. */
export const COUNT_SCHEMA = `
  CREATE TABLE run_count (
    field TEXT NOT NULL, value TEXT NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY (field, value)
  ) WITHOUT ROWID;
  ${countedBy('status')}
  ${countedBy('folder')}
  INSERT INTO run_count SELECT 'tag', tag, count(*) FROM run_tag GROUP BY tag;
  CREATE TRIGGER run_tag_added AFTER INSERT ON run_tag BEGIN ${more('tag', 'new.tag')} END;
  CREATE TRIGGER run_tag_removed AFTER DELETE ON run_tag BEGIN ${less('tag', 'old.tag')} END;
`;

/** Number of runs of a status, folder or tag in SQL. */
export const runsOf = (field: Field, value: string): string =>
  `coalesce((SELECT c.runs FROM run_count c WHERE c.field = '${field}' AND c.value = ${value}), 0)`;
