/** Axes of a multi-dimensional metric. */
export interface GridRow {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly name: string;
  /** Ticks of each axis, one or two. */
  readonly ticks: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly user: string;
  readonly createdUnixNano: bigint;
}

/** A grid that a metric of a run uses. */
export interface RunGrid {
  readonly grid: GridRow;
  readonly metric: string;
}

/** Grids, and the metrics of runs that use them. */
export interface GridStore {
  get(id: string): Promise<GridRow | undefined>;
  create(grid: Pick<GridRow, 'name' | 'ticks' | 'labels' | 'user'>): Promise<string>;
  /** Removes the grid; the arrays of its metrics stay. */
  remove(id: string): Promise<void>;
  /** From now on the metric of the run uses this grid. */
  assign(runId: string, metric: string, gridId: string): Promise<void>;
  ofRun(runId: string): Promise<readonly RunGrid[]>;
}
