import { type Static, Type } from 'typebox';
import { PALETTE_SLOTS } from '../../store/page-store.ts';
import { nullable, Timestamp } from './json.ts';
import { Id } from './query.ts';
import { AXES } from './telemetry.ts';

const Name = Type.String({ minLength: 1, maxLength: 100, description: 'One of the same name is replaced.' });

/** `PUT /api/runs/{id}/colour` */
export const ColourBody = Type.Object(
  {
    colour: nullable(
      Type.Integer({ minimum: 0, maximum: PALETTE_SLOTS - 1 }),
      'Place in the palette; null = the one that the run got when it was made.',
    ),
  },
  { additionalProperties: false },
);
export const ColourView = Type.Object({ id: Type.String(), colour: Type.Integer() });

/** `POST /api/views` */
export const NewViewBody = Type.Object(
  {
    name: Name,
    query: Type.String({
      maxLength: 8192,
      description: 'Query of the address of the page of runs.',
      examples: ['filter=has+tag.LES&sort=name'],
    }),
  },
  { additionalProperties: false },
);
export const ViewListSchema = Type.Object({
  data: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), query: Type.String(), created: Timestamp })),
});
export type ViewList = Static<typeof ViewListSchema>;

const Card = Type.Object(
  {
    title: Type.String({ maxLength: 200 }),
    metrics: Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), { minItems: 1, maxItems: 20 }),
    xaxis: Type.Enum(AXES),
    yscale: Type.Enum(['linear', 'log']),
  },
  { additionalProperties: false },
);
/** `POST /api/folders/{id}/dashboards` */
export const NewDashboardBody = Type.Object(
  { name: Name, cards: Type.Array(Card, { maxItems: 50 }) },
  { additionalProperties: false },
);
export const DashboardParams = Type.Object({ id: Id, dashboard: Id });
export const DashboardListSchema = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      cards: Type.Array(Card),
      user: Type.String(),
      modified: Timestamp,
    }),
  ),
});
export type DashboardList = Static<typeof DashboardListSchema>;
