import { type Static, Type } from 'typebox';
import { RunAlertSchema } from './alert.ts';
import { nullable, Timestamp } from './json.ts';
import { MetricSummarySchema } from './metric-summary.ts';

export const RunStatusSchema = Type.Enum(['created', 'running', 'completed', 'failed', 'terminated', 'lost']);

/** How far a run has come, and how fast: measured from its first point to its last since it was last started, or lost and found again. */
const RunProgressSchema = Type.Object({
  step: Type.Integer(),
  /** Null while no two points are apart in time and step. */
  steps_per_second: nullable(Type.Number()),
  from_step: Type.Integer(),
  from: Timestamp,
  to: Timestamp,
  /** When the last of `total_steps` is made at this rate; null when that is not known, and when it is made. */
  expected_end: nullable(Timestamp),
});
export type RunProgress = Static<typeof RunProgressSchema>;

/** Run view of the Simvue REST API (`GET /api/runs/{id}`), with our additions at the end. */
export const RunViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  folder: Type.String(),
  status: RunStatusSchema,
  description: nullable(Type.String()),
  tags: Type.Array(Type.String()),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  system: nullable(Type.Record(Type.String(), Type.Unknown())),
  user: Type.String(),
  created: Timestamp,
  started: nullable(Timestamp),
  endtime: nullable(Timestamp),
  /** The same, under the name that Simvue's data frames look for. */
  ended: nullable(Timestamp),
  modified: Timestamp,
  /** `HH:MM:SS.ffffff`; null while there is no start or no end, and from 24 h on (Simvue's clients cannot parse it). */
  runtime: nullable(Type.String()),
  ttl: nullable(Type.Integer()),
  heartbeat_timeout: nullable(Type.Integer()),
  notifications: Type.Object({ state: Type.String() }),
  visibility: Type.Object({ users: Type.Array(Type.String()), tenant: Type.Boolean(), public: Type.Boolean() }),
  starred: Type.Boolean(),
  alerts: Type.Array(RunAlertSchema),
  metrics: Type.Record(Type.String(), MetricSummarySchema),
  events: Type.Object({ count: Type.Integer(), last: nullable(Timestamp) }),
  /** Newest sign of life (not in Simvue). */
  last_sign: nullable(Timestamp),
  attempt: Type.Integer(),
  exit_code: nullable(Type.Integer()),
  exit_signal: nullable(Type.String()),
  external_id: nullable(Type.String()),
  /** Place in the palette of the page, 0 to 35, that was chosen by hand; null = the one that follows from the id. */
  colour: Type.Integer(),
  /** Steps that the run will make; null = it did not say. */
  total_steps: nullable(Type.Integer()),
  /** Of a run that is running, has logged a step and said how many it will make; in lists only with `return_progress=True`. */
  progress: nullable(RunProgressSchema),
  /** Of all categories; what was saved twice without a change counts once. */
  artifact_count: Type.Integer(),
});
export type RunView = Static<typeof RunViewSchema>;

/** A run in a list: the view without what is costly to assemble; `metrics` is empty with `return_metrics=False`. */
export const RunListItemSchema = Type.Object({
  ...Type.Omit(RunViewSchema, ['metrics', 'events', 'alerts', 'artifact_count']).properties,
  alerts: Type.Optional(Type.Array(RunAlertSchema)),
  metrics: Type.Optional(Type.Record(Type.String(), MetricSummarySchema)),
  events: Type.Optional(Type.Object({})),
});
export type RunListItem = Static<typeof RunListItemSchema>;

export const RunListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(RunListItemSchema) });
export type RunList = Static<typeof RunListSchema>;

export const FolderViewSchema = Type.Object({
  id: Type.String(),
  path: Type.String(),
  name: nullable(Type.String()),
  description: nullable(Type.String()),
  tags: Type.Array(Type.String()),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  starred: Type.Boolean(),
  ttl: nullable(Type.Integer()),
  created: Timestamp,
  modified: Timestamp,
  user: Type.String(),
  visibility: Type.Object({ users: Type.Array(Type.String()), tenant: Type.Boolean(), public: Type.Boolean() }),
  /** Number of runs directly in the folder (not in Simvue). */
  runs: Type.Integer(),
});
export type FolderView = Static<typeof FolderViewSchema>;

export const FolderListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(FolderViewSchema) });
export type FolderList = Static<typeof FolderListSchema>;

/** A tag as Simvue shows it, with the number of its runs (not in Simvue). */
export const TagViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** `#rrggbb` or any other CSS colour. */
  colour: Type.String(),
  description: nullable(Type.String()),
  user: Type.String(),
  created: Timestamp,
  runs: Type.Integer(),
});
export type TagView = Static<typeof TagViewSchema>;
export const TagListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(TagViewSchema) });
export type TagList = Static<typeof TagListSchema>;

/** `GET /api/runs/{id}/instances`: the writers (processes or threads) of a run. */
export const InstanceViewSchema = Type.Object({
  instance: Type.String(),
  role: Type.String(),
  first_sign: Timestamp,
  last_sign: Timestamp,
  ended: Type.Boolean(),
  system: Type.Record(Type.String(), Type.Unknown()),
});
export type InstanceView = Static<typeof InstanceViewSchema>;
export const InstanceListSchema = Type.Object({ data: Type.Array(InstanceViewSchema) });
export type InstanceList = Static<typeof InstanceListSchema>;
