/** When the retention of a run is over: after its end, or of one that never started after its last change. */
const EXPIRY = 'coalesce(ended, modified) + retention * 1000000000';
const IS_OVER = "status <> 'running'";

/** Indexes of {@link EXPIRED_RUNS} and {@link EXPIRED_IN_FOLDERS}. */
export const EXPIRY_INDEXES = `
  CREATE INDEX run_expiry ON run (${EXPIRY}) WHERE retention IS NOT NULL AND ${IS_OVER};
  CREATE INDEX run_folder_end ON run (folder, coalesce(ended, modified)) WHERE retention IS NULL AND ${IS_OVER};
  CREATE INDEX folder_retention ON folder (retention) WHERE retention IS NOT NULL;
`;

/** Ids of runs whose own retention was over at a time, the earliest first, at the most so many. */
export const EXPIRED_RUNS = `SELECT id FROM run
  WHERE retention IS NOT NULL AND ${IS_OVER} AND ${EXPIRY} <= ?1 ORDER BY ${EXPIRY} LIMIT ?2`;

/** How many runs with a retention of their own will expire, and when the first of them; a time beyond 64 bits is their end. */
export const EXPIRING_RUNS = `SELECT count(*) AS runs, CAST(min(${EXPIRY}) AS INTEGER) AS next FROM run
  WHERE retention IS NOT NULL AND ${IS_OVER}`;

/** Ids of runs without a retention of their own for which that of the nearest folder above was over. */
export const EXPIRED_IN_FOLDERS = `SELECT r.id FROM folder keeper
  CROSS JOIN folder f ON ${isWithin('f.path', 'keeper.path')}
  CROSS JOIN run r INDEXED BY run_folder_end
    ON r.folder = f.path AND r.retention IS NULL AND r.${IS_OVER}
    AND coalesce(r.ended, r.modified) <= ?1 - keeper.retention * 1000000000
  WHERE keeper.retention IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM folder nearer WHERE nearer.retention IS NOT NULL
      AND length(nearer.path) > length(keeper.path) AND ${isWithin('f.path', 'nearer.path')}
  )
  LIMIT ?2`;

/** Paths below one lie between `path/` and `path0`, the next character. */
function isWithin(path: string, folder: string): string {
  return `(${path} = ${folder} OR ${folder} = '/' OR (${path} > ${folder} || '/' AND ${path} < ${folder} || '0'))`;
}
