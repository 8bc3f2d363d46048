import { type Static, Type } from 'typebox';
import { Timestamp } from './json.ts';
import { RunListItemSchema } from './run.ts';

/** `GET /api/stalled-runs` */
export const StalledQuerySchema = Type.Object({
  count: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'How many at the most; 20 when absent.' }),
  ),
});

/** Running runs whose metrics stand still, the longest silent first. */
export const StalledSchema = Type.Object({
  data: Type.Array(
    Type.Object({
      run: RunListItemSchema,
      /** Metric of the newest point. */
      metric: Type.String(),
      /** Points of it by one writer, and the usual time between two of them. */
      points: Type.Integer(),
      pause_seconds: Type.Number(),
      /** Time of the newest point. */
      last: Timestamp,
    }),
  ),
});
export type StalledRun = Static<typeof StalledSchema>['data'][number];
