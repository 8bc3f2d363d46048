import { type Static, Type } from 'typebox';
import { Runs } from './query.ts';

/** Forms of a table of points. */
export const POINT_FORMATS = ['csv', 'json', 'parquet'] as const;
export type PointFormat = (typeof POINT_FORMATS)[number];

/** `GET /api/points`: `runs` and `metrics` are JSON lists; no `metrics` = all of them. */
export const PointsQuerySchema = Type.Object({
  runs: Runs,
  metrics: Type.Optional(
    Type.String({ description: 'A JSON list of names; absent = all metrics.', examples: ['["loss"]'] }),
  ),
  format: Type.Optional(
    Type.Enum(POINT_FORMATS, { description: 'What is answered; when absent what `Accept` names, else CSV.' }),
  ),
});
export type PointsQuery = Static<typeof PointsQuerySchema>;
