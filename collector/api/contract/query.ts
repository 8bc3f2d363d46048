import { Type } from 'typebox';
import { AxisSchema } from './telemetry.ts';

/** Page size of a list when the query names none, and the largest one that is served. */
export const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1000;
/** Events of a run in one answer of the page's read. */
export const MAX_EVENTS = 10_000;
/** Points or buckets a series in a plot: what is served when the query names none, and at the most. */
export const DEFAULT_PLOT_POINTS = 1000;
export const MAX_PLOT_POINTS = 100_000;

/** A boolean as Python's `requests` or a browser writes it. */
const Flag = Type.Enum(['True', 'true', '1', 'False', 'false', '0']);
const Start = Type.Optional(Type.Integer({ minimum: 0 }));
const Count = Type.Optional(Type.Integer({ minimum: 0 }));
const Filters = Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())]));
const MaxPoints = Type.Optional(Type.Integer({ minimum: 1 }));

/** `{id}` of a run or a folder in a path. */
export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });

/** `GET /api/runs`, `/api/folders`, `/api/tags`; a `count` above {@link MAX_PAGE} is cut to it (the reply says how many there are). */
export const ListQuerySchema = Type.Object({
  start: Start,
  count: Count,
  filters: Filters,
  sorting: Type.Optional(Type.String()),
  return_metrics: Type.Optional(Flag),
});

/** `GET /api/metrics/names`: `runs` is a JSON list. */
export const MetricNamesQuerySchema = Type.Object({ runs: Type.String() });

/** `GET /api/metrics/span`: `runs` is a JSON list; without it, the JSON list is the body, as Simvue's client sends it. */
export const MetricSpanQuerySchema = Type.Object({ runs: Type.Optional(Type.String()) });

/** `GET /api/metrics`: `runs` and `metrics` are JSON lists; no `metrics` = all of them. */
export const MetricValuesQuerySchema = Type.Object({
  runs: Type.String(),
  metrics: Type.Optional(Type.String()),
  xaxis: Type.Optional(AxisSchema),
  aggregate: Type.Optional(Flag),
  max_points: MaxPoints,
});

/** `GET /api/events`: `count=0` = all. */
export const SimvueEventsQuerySchema = Type.Object({
  run: Type.String(),
  start: Start,
  count: Count,
  filters: Filters,
});

/** `GET /api/events/histogram`: `window` in seconds. */
export const SimvueHistogramQuerySchema = Type.Object({
  run: Type.String(),
  window: Type.Number({ exclusiveMinimum: 0 }),
  timestamp_begin: Type.String(),
  timestamp_end: Type.String(),
});

/** `GET /api/runs/{id}/plot`: `series` is repeated; `from` and `to` are inclusive, in the unit of the axis. */
export const PlotQuerySchema = Type.Object({
  series: Type.Array(Type.Integer(), { minItems: 1, maxItems: 200 }),
  xaxis: Type.Optional(AxisSchema),
  from: Type.Optional(Type.Number()),
  to: Type.Optional(Type.Number()),
  max_points: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PLOT_POINTS })),
});

export const LogLevelSchema = Type.Enum(['debug', 'info', 'warning', 'error', 'critical']);

/** `GET /api/runs/{id}/events`: `level` is the least one; `from` and `to` are timestamps. */
export const EventsQuerySchema = Type.Object({
  start: Start,
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_EVENTS })),
  order: Type.Optional(Type.Enum(['asc', 'desc'])),
  contains: Type.Optional(Type.String()),
  level: Type.Optional(LogLevelSchema),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
});

/** `GET /api/runs/{id}/events/histogram`: without `from` and `to` the whole life of the run. */
export const HistogramQuerySchema = Type.Object({
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  bins: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
});

/** `GET /api/live`: `run` is repeated; none = every run. */
export const LiveQuerySchema = Type.Object({ run: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })) });
