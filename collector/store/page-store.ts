/** A list of runs that a user has named: filters, order and columns, as the query of the page's address holds them. */
export interface SavedView {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly createdUnixNano: bigint;
}

/** What every point has a place on, or the value that a metric had at the same step. */
export type CardAxis = 'step' | 'time' | 'timestamp' | `metric.${string}`;
/** Ends of an axis, the lower one first; null = from the data. */
export type AxisEnds = readonly [number | null, number | null];
/** Lines across a plot: where attempts begin, thresholds of alerts. */
export type PlotMark = 'attempts' | 'thresholds';

/** A chart of a dashboard; what is absent is chosen for the reader. */
export interface DashboardCard {
  readonly title: string;
  /** Absent = lines. */
  readonly kind?: 'lines' | 'parallel' | 'scatter';
  /** Names of metrics; of parallel and scatter plots ids of dimensions, `metadata:KEY` or `<aggregate>:METRIC`. */
  readonly metrics: readonly string[];
  readonly xaxis: CardAxis;
  /** Absent = linear. */
  readonly xscale?: 'linear' | 'log';
  readonly xrange?: AxisEnds;
  readonly yscale: 'linear' | 'log';
  readonly yrange?: AxisEnds;
  /** Absent = that of the metrics. */
  readonly unit?: string;
  /** Absent = top. */
  readonly legend?: 'top' | 'bottom' | 'hidden';
  /** 0 to 100. */
  readonly smoothing?: number;
  /** Absent = mark. */
  readonly non_finite?: 'mark' | 'hide';
  /** Absent = both. */
  readonly marks?: readonly PlotMark[];
}

/** Charts that are looked at for the runs of a folder. */
export interface Dashboard {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly name: string;
  readonly cards: readonly DashboardCard[];
  readonly user: string;
  readonly modifiedUnixNano: bigint;
}

/** Places in the palette of runs: 12 colours, solid, dashed and dotted. */
export const PALETTE_SLOTS = 36;

/** What people arrange on the page. */
export interface PageStore {
  /** Slots of the palette, by run: what was chosen by hand, or else its own; runs made after one another differ. */
  colours(runIds: readonly string[]): ReadonlyMap<string, number>;
  /** @param slot - undefined = the run's own colour again. */
  setColour(runId: string, slot: number | undefined): Promise<void>;
  /** Views of a user, by name. */
  views(user: string): readonly SavedView[];
  /** Keeps a view; one of the same name is replaced. @returns its id. */
  saveView(user: string, view: Pick<SavedView, 'name' | 'query'>): Promise<string>;
  /** @returns false when the user has no such view. */
  removeView(user: string, id: string): Promise<boolean>;
  /** Dashboards of a folder, by name. */
  dashboards(folderId: string): readonly Dashboard[];
  /** Keeps a dashboard; one of the same name is replaced. @returns its id. */
  saveDashboard(folderId: string, dashboard: Pick<Dashboard, 'name' | 'cards' | 'user'>): Promise<string>;
  /** @returns false when the folder has no such dashboard. */
  removeDashboard(folderId: string, id: string): Promise<boolean>;
}
