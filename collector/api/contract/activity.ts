import { type Static, Type } from 'typebox';
import { ACTIVITY_FIELDS } from '../../pipeline/run-activity.ts';
import { nullable, Timestamp } from './json.ts';
import { DEFAULT_PAGE, MAX_PAGE, Start } from './query.ts';

/** One thing of a run that became different. */
export const ActivityViewSchema = Type.Object({
  timestamp: Timestamp,
  field: Type.Enum(ACTIVITY_FIELDS),
  /** The tag, the path in the metadata with dots, or the name of the alert; else empty. */
  key: Type.String(),
  /** JSON text, cut off at 1,024 characters with `…`; null = it was not there. */
  before: nullable(Type.String()),
  after: nullable(Type.String()),
  /** Who changed it by REST or on the page; empty = the program of the run, or the collector. */
  author: Type.String(),
  /** Writer of the run that sent the change; empty = it came by REST, or the collector found it. */
  instance: Type.String(),
});
export type ActivityView = Static<typeof ActivityViewSchema>;

/** `GET /api/runs/{id}/activity`: the newest first; `forgotten` older entries are no longer kept. */
export const ActivityListSchema = Type.Object({
  count: Type.Integer(),
  forgotten: Type.Integer(),
  data: Type.Array(ActivityViewSchema),
});
export type ActivityList = Static<typeof ActivityListSchema>;

export const ActivityQuerySchema = Type.Object({
  field: Type.Optional(Type.Enum(ACTIVITY_FIELDS, { description: 'Only changes of this.' })),
  start: Start,
  count: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE,
      description: `How many at the most; ${DEFAULT_PAGE} when absent.`,
    }),
  ),
});
