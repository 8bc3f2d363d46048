import { type Static, Type } from 'typebox';
import { MAX_DIMENSIONS } from '../../pipeline/metric-array.ts';
import { nullable, Timestamp } from './json.ts';
import { Id } from './query.ts';

const Ticks = Type.Array(Type.Array(Type.Number(), { minItems: 1, maxItems: 50_000 }), {
  minItems: 1,
  maxItems: MAX_DIMENSIONS,
});

/** `POST /api/grids`: ticks and label of each axis. */
export const NewGridBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    grid: Ticks,
    labels: Type.Array(Type.String(), { maxItems: MAX_DIMENSIONS }),
  },
  { additionalProperties: false },
);
export const GridViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  grid: Type.Array(Type.Array(Type.Number())),
  labels: Type.Array(Type.String()),
  user: Type.String(),
  created: Timestamp,
});

export const RunGridParams = Type.Object({ id: Id, grid: Id });
export const RunGridBody = Type.Object(
  { metric: Type.String({ minLength: 1, maxLength: 255 }) },
  { additionalProperties: false },
);
export const RunGridListSchema = Type.Array(
  Type.Object({ id: Type.String(), name: Type.String(), metric: Type.String() }),
);

/** `/api/runs/{id}/metrics/{name}/values` and `/span`; the name may hold slashes. */
export const ArrayParams = Type.Object({ id: Id, '*': Type.String() });
/** {@link ArrayParams} as a reader sees them. */
export const RunMetricParams = Type.Object({
  id: Id,
  metric: Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'Name of the metric, which may hold slashes.',
    examples: ['field'],
  }),
});
export const ArrayQuery = Type.Object({
  step: Type.Optional(Type.Integer({ description: 'Step of the array; needed.' })),
});
const Cell = Type.Union([Type.Number(), Type.Enum(['NaN', 'Infinity', '-Infinity'])]);
export const ArrayView = Type.Object({
  array: Type.Array(Type.Union([Cell, Type.Array(Type.Unknown())]), { description: 'Nested once for each dimension.' }),
  step: Type.Integer(),
  time: Type.Number(),
  timestamp: Timestamp,
  /** Id of the grid of the metric. */
  grid: nullable(Type.String()),
});
export const SpanSchema = Type.Object({
  min_step: nullable(Type.Number()),
  max_step: nullable(Type.Number()),
  min_time: nullable(Type.Number()),
  max_time: nullable(Type.Number()),
  min_timestamp: nullable(Timestamp),
  max_timestamp: nullable(Timestamp),
});
export type SpanView = Static<typeof SpanSchema>;
export const SpanListSchema = Type.Array(SpanSchema);
