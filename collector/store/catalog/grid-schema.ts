/** Grids of multi-dimensional metrics and the metrics of runs that use them; the values are kept by the shards. */
export const GRID_SCHEMA = `
  CREATE TABLE grid (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, grid TEXT NOT NULL, labels TEXT NOT NULL, user TEXT NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE run_grid (run TEXT NOT NULL, metric TEXT NOT NULL, grid TEXT NOT NULL, PRIMARY KEY (run, metric)) WITHOUT ROWID;
  CREATE INDEX run_grid_grid ON run_grid (grid);
`;
