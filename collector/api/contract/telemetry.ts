import { type Static, Type } from 'typebox';
import { nullable, Timestamp } from './json.ts';
import { MetricSummarySchema } from './metric-summary.ts';

/** `GET /api/runs/{id}/series`: one entry a series (metric name, attributes, instance). */
export const SeriesViewSchema = Type.Object({
  id: Type.Integer(),
  /** Metric name as the user wrote it. */
  metric: Type.String(),
  /** `name` or `name{k="v"}`. */
  name: Type.String(),
  attributes: Type.Record(Type.String(), Type.String()),
  instance: Type.String(),
  /** UCUM; empty = none. */
  unit: Type.String(),
  temporality: Type.Enum(['gauge', 'cumulative', 'delta']),
  count: Type.Integer(),
  min: nullable(Type.Number()),
  max: nullable(Type.Number()),
  mean: nullable(Type.Number()),
  /** Last value: null = not finite, then `last_text` says `NaN`, `Infinity` or `-Infinity`. */
  last: nullable(Type.Number()),
  last_text: Type.String(),
  last_step: nullable(Type.Number()),
  non_finite: Type.Integer(),
  first_timestamp: Timestamp,
  last_timestamp: Timestamp,
});
export type SeriesView = Static<typeof SeriesViewSchema>;
/** What has not come from a writer (`service.instance.id`) that numbers what it sends, or whose SDK drops attributes. */
export const WriterViewSchema = Type.Object({
  instance: Type.String(),
  /** Sequence numbers (`simvue.seq`) between the least and the greatest that did not come. */
  missing: Type.Integer(),
  dropped_attributes: Type.Integer(),
});
export const SeriesListSchema = Type.Object({
  data: Type.Array(SeriesViewSchema),
  writers: Type.Array(WriterViewSchema),
});
export type SeriesList = Static<typeof SeriesListSchema>;

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export const AXES = ['step', 'time', 'timestamp'] as const;

/** A value of a plot: a number, or the name of what is not one (JSON has no NaN). */
export const PlotValueSchema = Type.Union([Type.Number(), Type.Enum(['NaN', 'Infinity', '-Infinity'])]);

/**
 * `GET /api/runs/{id}/plot?series=1&series=2&xaxis=step&from=&to=&max_points=`; x in steps, seconds since the start, or seconds since
 * the epoch; ascending. Fewer points than asked: `points`, exact. More: `buckets` with exact extremes and their x.
 */
export const PlotPointsSchema = Type.Object({
  series: Type.Integer(),
  kind: Type.Literal('points'),
  total: Type.Integer(),
  x: Type.Array(Type.Number()),
  y: Type.Array(PlotValueSchema),
});
export const PlotBucketsSchema = Type.Object({
  series: Type.Integer(),
  kind: Type.Literal('buckets'),
  total: Type.Integer(),
  x0: Type.Array(Type.Number()),
  x1: Type.Array(Type.Number()),
  count: Type.Array(Type.Integer()),
  /** Null in a bucket without a finite value. */
  mean: Type.Array(nullable(Type.Number())),
  min: Type.Array(nullable(Type.Number())),
  max: Type.Array(nullable(Type.Number())),
  min_x: Type.Array(nullable(Type.Number())),
  max_x: Type.Array(nullable(Type.Number())),
  non_finite: Type.Array(Type.Integer()),
});
export const PlotSchema = Type.Object({ data: Type.Array(Type.Union([PlotPointsSchema, PlotBucketsSchema])) });
/** `GET /api/plots`: by run; runs that are not there, or not for this reader, are left out. */
export const PlotsSchema = Type.Object({ data: Type.Record(Type.String(), PlotSchema.properties.data) });
export type Plots = Static<typeof PlotsSchema>;
export type Plot = Static<typeof PlotSchema>;
export type PlotPoints = Static<typeof PlotPointsSchema>;
export type PlotBuckets = Static<typeof PlotBucketsSchema>;

/** An alert that an event matched. */
const EventAlertSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** True = this event made it fire; false = it fired already. */
  fired: Type.Boolean(),
});
/** `GET /api/runs/{id}/events?start=&count=&order=asc|desc&contains=&level=&from=&to=`: for the page, with everything a record has. */
export const EventViewSchema = Type.Object({
  timestamp: Timestamp,
  message: Type.String(),
  /** `debug`, `info`, `warning`, `error`, `critical`, or null when the record has no severity. */
  log_level: nullable(Type.String()),
  event_name: Type.String(),
  attributes: Type.Record(Type.String(), Type.Unknown()),
  instance: Type.String(),
  /** Alerts of the run that it matched while they watched, as far back as evaluations are kept. */
  alerts: Type.Array(EventAlertSchema),
});
export type EventView = Static<typeof EventViewSchema>;
export const EventListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(EventViewSchema) });
export type EventList = Static<typeof EventListSchema>;

/** `GET /api/metrics/names` and `/api/runs/{id}/metrics/names` */
export const MetricNamesView = Type.Array(Type.String());

/** `GET /api/metrics/summaries`: by run and metric; what a run does not have is left out. */
export const MetricSummariesSchema = Type.Object({
  data: Type.Record(
    Type.String(),
    Type.Record(
      Type.String(),
      Type.Object({
        ...MetricSummarySchema.properties,
        /** As `last`, or `NaN`, `Infinity`, `-Infinity`. */
        last_text: Type.String(),
        /** Over the steps, with the extremes between them; null = not finite. */
        values: Type.Array(nullable(Type.Number())),
      }),
    ),
  ),
});
export type MetricSummaries = Static<typeof MetricSummariesSchema>;

const PLACE = {
  step: Type.Optional(Type.Number()),
  time: Type.Optional(Type.Number()),
  timestamp: Type.Optional(Timestamp),
};
const PointView = Type.Object({ ...PLACE, value: Type.Number() });
const AggregatedPointView = Type.Object({
  ...PLACE,
  average: Type.Number(),
  min: Type.Number(),
  max: Type.Number(),
});
/** `GET /api/metrics`: points by run and metric, or with `aggregate` by metric; what is not finite is a bare `NaN` or `Infinity`, as Python reads it. */
export const MetricValuesView = Type.Record(
  Type.String(),
  Type.Union([Type.Array(AggregatedPointView), Type.Record(Type.String(), Type.Array(PointView))]),
);

/** `GET /api/events` */
export const SimvueEventListSchema = Type.Object({
  count: Type.Integer(),
  data: Type.Array(
    Type.Object({ timestamp: Timestamp, message: Type.String(), log_level: nullable(Type.Enum(LOG_LEVELS)) }),
  ),
});
/** `GET /api/events/histogram`: `timestamp` is the beginning of a bin. */
export const SimvueHistogramSchema = Type.Object({
  data: Type.Array(Type.Object({ timestamp: Timestamp, count: Type.Integer() })),
});

/** `GET /api/runs/{id}/events/histogram?from=&to=&bins=` */
export const EventHistogramSchema = Type.Object({
  data: Type.Array(
    Type.Object({
      timestamp: Timestamp,
      error: Type.Integer(),
      warn: Type.Integer(),
      info: Type.Integer(),
      debug: Type.Integer(),
    }),
  ),
});
export type EventHistogram = Static<typeof EventHistogramSchema>;
