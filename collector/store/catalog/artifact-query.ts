import type { Principal } from '../../pipeline/principal.ts';
import type { ArtifactListQuery } from '../artifact-store.ts';
import type { SqlParameter } from '../sqlite-database.ts';

interface Query {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

const IN_RUNS = 'id IN (SELECT artifact FROM run_artifact WHERE run IN (SELECT value FROM json_each(?)))';
/** `canRead` of the artifact's runs, in SQL. */
const READABLE = `(artifact.user = ? OR EXISTS (
  SELECT 1 FROM run_artifact a JOIN run r ON r.id = a.run WHERE a.artifact = artifact.id AND (
    r.user = ? OR r.is_public = 1 OR (r.is_tenant = 1 AND r.tenant = ?)
    OR EXISTS (SELECT 1 FROM run_reader WHERE run_reader.user = ? AND run_reader.run = r.id)
  )
))`;

/** SQL of the ids of a page of artifacts. */
export function artifactPageQuery({ sort, start, count, ...query }: ArtifactListQuery): Query {
  const condition = where(query);
  const order = sort.map(({ column, descending }) => {
    const key = column.startsWith('metadata.') ? column.slice('metadata.'.length) : undefined;
    const expression = key === undefined ? column : '(SELECT value FROM json_each(artifact.metadata) WHERE key = ?)';
    return { sql: `${expression} ${descending ? 'DESC' : 'ASC'}`, parameters: key === undefined ? [] : [key] };
  });
  const id = { sql: sort[0]?.descending ? 'id DESC' : 'id', parameters: [] };
  const orders = [...order, id];
  return {
    sql: `SELECT id FROM artifact ${condition.sql} ORDER BY ${orders.map(({ sql }) => sql).join(', ')} LIMIT ? OFFSET ?`,
    parameters: [...condition.parameters, ...orders.flatMap(({ parameters }) => parameters), count ?? -1, start],
  };
}

/** SQL of the number of artifacts that match. */
export function artifactCountQuery(query: Pick<ArtifactListQuery, 'reader' | 'runIds'>): Query {
  const { sql, parameters } = where(query);
  return { sql: `SELECT count(*) AS total FROM artifact ${sql}`, parameters };
}

function where({ reader, runIds }: Pick<ArtifactListQuery, 'reader' | 'runIds'>): Query {
  const terms = [readable(reader)];
  if (runIds !== undefined) terms.push({ sql: IN_RUNS, parameters: [JSON.stringify(runIds)] });
  return {
    sql: `WHERE ${terms.map(({ sql }) => sql).join(' AND ')}`,
    parameters: terms.flatMap(({ parameters }) => parameters),
  };
}

function readable({ username, tenant, scopes }: Principal): Query {
  if (scopes.has('admin')) return { sql: 'TRUE', parameters: [] };
  if (!scopes.has('read') && !scopes.has('ingest')) return { sql: 'FALSE', parameters: [] };
  return { sql: READABLE, parameters: [username, username, tenant, username] };
}
