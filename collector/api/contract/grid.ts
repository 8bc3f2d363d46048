import { type Static, Type } from 'typebox';
import { nullable, Timestamp } from './json.ts';

const Ticks = Type.Array(Type.Array(Type.Number(), { minItems: 1, maxItems: 50_000 }), { minItems: 1, maxItems: 2 });

/** `POST /api/grids`: ticks and label of each axis. */
export const NewGridBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    grid: Ticks,
    labels: Type.Array(Type.String(), { maxItems: 2 }),
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

const Id = Type.String({ minLength: 1, maxLength: 128 });
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
export const ArrayQuery = Type.Object({ step: Type.Optional(Type.Integer()) });
export const SpanSchema = Type.Object({
  min_step: nullable(Type.Number()),
  max_step: nullable(Type.Number()),
  min_time: nullable(Type.Number()),
  max_time: nullable(Type.Number()),
  min_timestamp: nullable(Timestamp),
  max_timestamp: nullable(Timestamp),
});
export type SpanView = Static<typeof SpanSchema>;
