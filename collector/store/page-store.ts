/** A list of runs that a user has named: filters, order and columns, as the query of the page's address holds them. */
export interface SavedView {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly createdUnixNano: bigint;
}

/** A chart of a dashboard. */
export interface DashboardCard {
  readonly title: string;
  readonly metrics: readonly string[];
  readonly xaxis: 'step' | 'time' | 'timestamp';
  readonly yscale: 'linear' | 'log';
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
