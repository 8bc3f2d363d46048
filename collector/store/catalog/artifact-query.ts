import sql, { join, type Sql } from 'sql-template-tag';
import type { Principal } from '../../pipeline/principal.ts';
import type { ArtifactListQuery, ArtifactSortColumn, ContentUseQuery, NamesakeQuery } from '../artifact-store.ts';
import { named } from './named.ts';
import { readableBy } from './reach.ts';

/** SQL of the ids of a page of artifacts, and of the number of all that match. */
export function artifactListQueries(query: ArtifactListQuery): { page: Sql; total: Sql } {
  const { reader, runIds, sort, start, count } = query;
  const inRuns = sql`id IN (SELECT artifact FROM run_artifact WHERE run IN (SELECT value FROM json_each(${JSON.stringify(runIds)})))`;
  const terms = [readableArtifact(reader), ...(runIds === undefined ? [] : [inRuns])];
  const matching = sql`FROM artifact WHERE ${join(terms, ' AND ')}`;
  const order = sort.map(({ column, descending }) => sql`${sortTerm(column)} ${direction(descending)} NULLS LAST`);
  const byId = sql`id ${direction(sort[0]?.descending ?? false)}`;
  const page = sql`SELECT id ${matching} ORDER BY ${join([...order, byId])} LIMIT ${count ?? -1} OFFSET ${start}`;
  return { page, total: sql`SELECT count(*) AS total ${matching}` };
}

/** SQL of who made and used what. */
export function contentUses({ of, categories, reader, limit }: ContentUseQuery): Sql {
  const { username, tenant, scopes } = reader;
  const isWriterOnly = !scopes.has('read');
  const listed = (values: readonly string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
  const terms = [
    'checksums' in of ? sql`artifact.checksum IN ${listed(of.checksums)}` : sql`held.run IN ${listed(of.runIds)}`,
    ...(categories ? [sql`held.category IN ${listed(categories)}`] : []),
    scopes.has('admin') ? sql`TRUE` : readableBy({ username, tenant, isWriterOnly }),
  ];
  return sql`SELECT r.id AS run, r.name AS run_name, r.folder, r.status, artifact.id AS artifact,
      artifact.name AS artifact_name, artifact.checksum, held.category, held.added
    FROM artifact JOIN run_artifact held ON held.artifact = artifact.id JOIN run r ON r.id = held.run
    WHERE ${join(terms, ' AND ')} ORDER BY held.added, r.id LIMIT ${limit}`;
}

/** Artifacts of one name that a statement looks at: other requests wait no longer than it takes. */
const NAMESAKES_AT_A_TIME = 1000;

/** SQL of the runs among so many artifacts of this name, the newest first, and of whether there are more behind them. @param slice - from 0. */
export function namesakes(query: NamesakeQuery, slice: number): { found: Sql; hasMore: Sql } {
  const { name, category, runId, search, reader } = query;
  const { username, tenant, scopes } = reader;
  const newest = sql`SELECT a.id, held.run FROM artifact a CROSS JOIN run_artifact held ON held.artifact = a.id
    WHERE a.name = ${name} ORDER BY a.created DESC, a.id DESC`;
  const terms = [
    sql`held.category = ${category} AND r.id <> ${runId} AND a.uploaded`,
    sql`instr(lower(r.name || char(10) || r.folder), lower(${search})) > 0`,
    scopes.has('admin') ? sql`TRUE` : readableBy({ username, tenant, isWriterOnly: !scopes.has('read') }),
  ];
  const from = slice * NAMESAKES_AT_A_TIME;
  const found = sql`SELECT r.id AS run, r.name AS run_name, r.folder, r.status, a.id AS artifact, a.checksum, a.size, a.created
    FROM (${newest} LIMIT ${NAMESAKES_AT_A_TIME} OFFSET ${from}) near CROSS JOIN artifact a ON a.id = near.id
      CROSS JOIN run_artifact held ON held.run = near.run AND held.artifact = near.id CROSS JOIN run r ON r.id = near.run
    WHERE ${join(terms, ' AND ')} ORDER BY a.created DESC, a.id DESC`;
  return { found, hasMore: sql`SELECT count(*) FROM (${newest} LIMIT 1 OFFSET ${from + NAMESAKES_AT_A_TIME})` };
}

/** `canRead` of the artifact and of its runs, in SQL. */
function readableArtifact({ username, tenant, scopes }: Principal): Sql {
  if (scopes.has('admin')) return sql`TRUE`;
  const reader = { username, tenant, isWriterOnly: !scopes.has('read') };
  return sql`(artifact.user = ${username} OR EXISTS (SELECT 1 FROM run_artifact held JOIN run r ON r.id = held.run
    WHERE held.artifact = artifact.id AND ${readableBy(reader)}))`;
}

function sortTerm(column: ArtifactSortColumn): Sql {
  if (!column.startsWith('metadata.')) return named(column);
  return sql`(SELECT value FROM json_each(artifact.metadata) WHERE key = ${column.slice('metadata.'.length)})`;
}

const direction = (descending: boolean): Sql => (descending ? sql`DESC` : sql`ASC`);
