/** What the rule of an alert looks at; null for user alerts, whose status is told. */
export type AlertRule = Readonly<Record<string, string | number | boolean>> | null;

/** What makes an alert; two with the same definition are the same alert. */
export interface AlertDefinition {
  readonly name: string;
  readonly source: 'metrics' | 'events' | 'run' | 'user';
  readonly rule: AlertRule;
  readonly description: string | null;
  readonly notification: string;
  readonly enabled: boolean;
  /** Firing asks the run's program to stop. */
  readonly abort: boolean;
  /** Attached to each run that comes with one of {@link runTags}, or gets one. */
  readonly auto: boolean;
  readonly runTags: readonly string[];
  /** For the alert a run begins so long after its start; in the unit of windows. Nothing to alerts on the status. */
  readonly delay: number;
}

export interface AlertRow extends AlertDefinition {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly user: string;
  readonly tenant: string;
  readonly createdUnixNano: bigint;
  /** Raised when it is switched off or on: its states are those of one revision. */
  readonly revision: number;
}

export type AlertStatus = 'ok' | 'critical';

/** An alert of a run; a status that was never told is null. */
export interface RunAlert {
  readonly alert: AlertRow;
  readonly status: AlertStatus | null;
  /** Since when the status is what it is, as the collector learnt of it; null without a status. */
  readonly sinceUnixNano: bigint | null;
}

export interface AlertListQuery {
  /** Undefined = of every tenant. */
  readonly tenant: string | undefined;
  readonly sort: readonly { readonly column: 'name' | 'created'; readonly descending: boolean }[];
  readonly start: number;
  /** 0 = all. */
  readonly count: number;
}

/** Definitions of alerts, the runs they are attached to, and their status there. */
export interface AlertStore {
  list(query: AlertListQuery): Promise<{ readonly count: number; readonly alerts: readonly AlertRow[] }>;
  get(id: string): Promise<AlertRow | undefined>;
  /** Makes an alert; with `deduplicate` one of the same definition and tenant is taken instead. */
  create(
    definition: AlertDefinition,
    owner: { readonly user: string; readonly tenant: string },
    deduplicate: boolean,
  ): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Who was told that it fires is told that it is over, when it looks at something else now or is switched off. */
  change(id: string, definition: AlertDefinition): Promise<void>;
  /** Those that are enabled and attached by the tags of runs. */
  automatic(): readonly AlertRow[];
  /** Takes the alert from its runs, some in each turn of the event loop, then removes it; who was told that it fires is told that it is over. */
  remove(id: string): Promise<void>;
  /** Alerts attached to each of these runs, in the order they were attached; runs without alerts are left out. */
  ofRuns(runIds: readonly string[]): Promise<ReadonlyMap<string, readonly RunAlert[]>>;
  /** As {@link AlertStore.ofRuns}, of one run. */
  attachedTo(runId: string): readonly RunAlert[];
  /** True when an alert of this definition and tenant is, or was, among a run's alerts. */
  hasHad(runId: string, definition: AlertDefinition & Pick<AlertRow, 'tenant'>): boolean;
  /** Adds to a run's alerts; one of the same name is replaced, one that was taken away stays away. @returns false when nothing changed. */
  add(runId: string, ids: readonly string[]): Promise<boolean>;
  /** Tells of runs whose alerts are others now. */
  onChange(listener: (runIds: readonly string[]) => void): void;
  /** Adds one to a run's alerts, also one that was taken away. */
  attachOne(runId: string, id: string): Promise<void>;
  /** Takes one from a run's alerts; who was told that it fires is told that it is over. */
  detach(runId: string, id: string): Promise<void>;
  /** The whole list of a run's alerts from now on. */
  attach(runId: string, ids: readonly string[]): Promise<void>;
  /** Null until it is set. */
  status(alertId: string, runId: string): Promise<AlertStatus | null>;
}
