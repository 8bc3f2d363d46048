type Field = 'status' | 'tag';

/** Who may read a run, beside those whom it names. */
const REACH = ['user', 'tenant', 'is_tenant', 'is_public'] as const;
const of = (alias: string): string => REACH.map((column) => `${alias}.${column}`).join(', ');
const rowOf = (alias: 'new' | 'old'): string =>
  `SELECT ${REACH.map((column) => `${alias}.${column} AS ${column}`).join(', ')}`;
const rowOfRun = (run: string): string => `SELECT ${REACH.join(', ')} FROM run WHERE id = ${run}`;
const tagsOf = (run: string): string => `SELECT tag AS value FROM run_tag WHERE run = ${run}`;

/**
 * @param values - a query of the values of the field.
 * @param reach - a query of one row.
 */
const less = (field: Field, values: string, reach: string): string => {
  const counted = `field = '${field}' AND value IN (${values}) AND (${REACH.join(', ')}) = (${reach})`;
  return `
    UPDATE run_reach SET runs = runs - 1 WHERE ${counted};
    DELETE FROM run_reach WHERE ${counted} AND runs = 0;`;
};

const more = (field: Field, values: string, reach: string): string => `
    INSERT INTO run_reach SELECT '${field}', v.value, ${of('r')}, 0 FROM (${values}) v, (${reach}) r
      WHERE NOT EXISTS (SELECT 1 FROM run_reach k WHERE k.field = '${field}' AND k.value = v.value AND (${of('k')}) = (${of('r')}));
    UPDATE run_reach SET runs = runs + 1
      WHERE field = '${field}' AND value IN (${values}) AND (${REACH.join(', ')}) = (${reach});`;

/**
 * Numbers of runs of each status and tag by who may read them, changed in the transaction that changes the runs: what a reader may see is a sum
 * over owners, not over runs. A run is written with REPLACE, which is no deletion.
 */
export const REACH_SCHEMA = `
  CREATE TABLE run_reach (
    field TEXT NOT NULL, value TEXT NOT NULL, user TEXT NOT NULL, tenant TEXT NOT NULL, is_tenant INTEGER NOT NULL,
    is_public INTEGER NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY (field, value, ${REACH.join(', ')})
  ) WITHOUT ROWID;
  INSERT INTO run_reach SELECT 'status', status, ${REACH.join(', ')}, count(*) FROM run GROUP BY status, ${REACH.join(', ')};
  INSERT INTO run_reach SELECT 'tag', t.tag, ${of('r')}, count(*) FROM run_tag t JOIN run r ON r.id = t.run
    GROUP BY t.tag, ${of('r')};
  CREATE TRIGGER run_reach_written BEFORE INSERT ON run
    WHEN NOT EXISTS (SELECT 1 FROM run WHERE id = new.id AND (status, ${REACH.join(', ')}) = (new.status, ${of('new')}))
  BEGIN
    ${less('status', 'SELECT status FROM run WHERE id = new.id', rowOfRun('new.id'))}
    ${more('status', 'SELECT new.status AS value', rowOf('new'))}
  END;
  CREATE TRIGGER run_reach_tags BEFORE INSERT ON run
    WHEN EXISTS (SELECT 1 FROM run WHERE id = new.id AND (${REACH.join(', ')}) <> (${of('new')}))
  BEGIN
    ${less('tag', tagsOf('new.id'), rowOfRun('new.id'))}
    ${more('tag', tagsOf('new.id'), rowOf('new'))}
  END;
  CREATE TRIGGER run_reach_changed AFTER UPDATE OF status ON run WHEN new.status <> old.status
  BEGIN
    ${less('status', 'SELECT old.status', rowOf('old'))}
    ${more('status', 'SELECT new.status AS value', rowOf('new'))}
  END;
  CREATE TRIGGER run_reach_deleted AFTER DELETE ON run BEGIN ${less('status', 'SELECT old.status', rowOf('old'))} END;
  CREATE TRIGGER run_reach_tagged AFTER INSERT ON run_tag
    BEGIN ${more('tag', 'SELECT new.tag AS value', rowOfRun('new.run'))} END;
  CREATE TRIGGER run_reach_untagged AFTER DELETE ON run_tag
    BEGIN ${less('tag', 'SELECT old.tag', rowOfRun('old.run'))} END;
`;
