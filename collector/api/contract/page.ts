import { type Static, Type } from 'typebox';
import { type AxisEnds, type CardAxis, PALETTE_SLOTS, type PlotMark } from '../../store/page-store.ts';
import { nullable, Timestamp } from './json.ts';
import { Id } from './query.ts';

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

const SCALES = ['linear', 'log'] as const;
const ends = (axis: string, absent: string) =>
  Type.Optional(
    Type.Unsafe<AxisEnds>(
      Type.Array(nullable(Type.Number()), {
        minItems: 2,
        maxItems: 2,
        description: `Ends of the ${axis} axis, the lower one first; null = from the data. Absent = ${absent}.`,
        examples: [[0, null]],
      }),
    ),
  );
/** A plot of a dashboard; what is absent is chosen for the reader. */
const Card = Type.Object(
  {
    title: Type.String({ maxLength: 200, description: 'Empty = the name of what is drawn.' }),
    kind: Type.Optional(
      Type.Enum(['lines', 'parallel', 'scatter'], {
        description:
          'Lines over the x axis, or a line or dot for each run over its dimensions: parallel coordinates or a scatter plot. Absent = lines.',
      }),
    ),
    metrics: Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
      minItems: 1,
      maxItems: 20,
      description:
        'Names of metrics. With `kind` parallel or scatter, dimensions of a run: `metadata:KEY`, `last:METRIC`, `min:METRIC`, `max:METRIC` or `average:METRIC`; scatter takes two, x and y.',
    }),
    // One pattern for all, so that an error says everything that is allowed.
    xaxis: Type.Unsafe<CardAxis>(
      Type.String({
        pattern: String.raw`^(step|time|timestamp|metric\.[\s\S]+)$`,
        maxLength: 1007,
        description:
          'Step, seconds since the start of the run, seconds since the epoch, or `metric.NAME`: the value that a metric had at the same step. Parallel and scatter plots have no use for it.',
        examples: ['step', 'metric.loss'],
      }),
    ),
    xscale: Type.Optional(Type.Enum(SCALES, { description: 'Absent = linear.' })),
    xrange: ends('x', 'all that there is'),
    yscale: Type.Enum(SCALES),
    yrange: ends('y', 'from the data'),
    unit: Type.Optional(
      Type.String({
        maxLength: 40,
        description: 'Said beside the values. Absent = the unit of the metrics; empty = none.',
      }),
    ),
    legend: Type.Optional(
      Type.Enum(['top', 'bottom', 'hidden'], { description: 'Place of the legend. Absent = top.' }),
    ),
    smoothing: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: '0 = none, 100 = the most. Absent = none.' }),
    ),
    non_finite: Type.Optional(
      Type.Enum(['mark', 'hide'], { description: 'What is done with NaN and infinities. Absent = mark.' }),
    ),
    marks: Type.Optional(
      Type.Unsafe<readonly PlotMark[]>(
        Type.Array(Type.Enum(['attempts', 'thresholds']), {
          uniqueItems: true,
          description: 'Lines where attempts begin and at the thresholds of alerts; empty = neither. Absent = both.',
        }),
      ),
    ),
  },
  { additionalProperties: false },
);
/** `POST /api/folders/{id}/dashboards` */
export const NewDashboardBody = Type.Object(
  { name: Name, cards: Type.Array(Card, { maxItems: 50 }) },
  { additionalProperties: false },
);
export type NewDashboardBody = Static<typeof NewDashboardBody>;
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
