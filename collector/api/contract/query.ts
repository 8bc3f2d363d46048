import { Type } from 'typebox';
import { flag } from './json.ts';
import { AXES, LOG_LEVELS } from './telemetry.ts';

/** Page size of a list when the query names none, and the largest one that is served. */
export const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1000;
/** Events of a run in one answer of the page's read. */
export const MAX_EVENTS = 10_000;
/** Points or buckets a series in a plot: what is served when the query names none, and at the most. */
export const DEFAULT_PLOT_POINTS = 1000;
export const MAX_PLOT_POINTS = 100_000;

export const Start = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'How many to leave out at the beginning.',
  }),
);
const count = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }));
const Count = count(`How many at the most; ${DEFAULT_PAGE} when absent, never more than ${MAX_PAGE}.`);
/** As {@link Count}, of a list that is short. */
export const AllOrCount = count('How many at the most; absent = all.');
const Filters = Type.Optional(
  Type.Union([Type.String(), Type.Array(Type.String())], {
    description: 'A JSON list of expressions, all of which must hold.',
    examples: ['["has tag.baseline", "metadata.lr < 0.01"]'],
  }),
);
const Xaxis = Type.Optional(Type.Enum(AXES, { description: 'What x counts; steps when absent.' }));
export const Time = Type.String({ description: 'A time in UTC.', examples: ['2026-01-31T12:00:00.000000'] });
/** Columns of a list, as `sorting` takes them. */
export const Sorting = Type.Optional(
  Type.String({
    description: 'A JSON list of columns; the first counts most.',
    examples: ['[{"id": "created", "desc": true}]'],
  }),
);
/** Runs that are asked about. */
export const Runs = Type.String({
  description: 'A JSON list of ids of runs.',
  examples: ['["DkVY5SER590KtF9sJsJiD7"]'],
});
const Run = Type.String({ description: 'Id of the run.', examples: ['DkVY5SER590KtF9sJsJiD7'] });
const MaxPoints = Type.Optional(
  Type.Integer({ minimum: 1, description: 'Points of a series at the most; absent = all.' }),
);

/** Id of an object: 22 letters and digits, of a run also what its program calls it. */
export const Id = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Id of the object.',
  examples: ['DkVY5SER590KtF9sJsJiD7'],
});
/** `{id}` of a run or a folder in a path. */
export const IdParams = Type.Object({ id: Id });

/** `GET /api/tenants`, `/api/users`. */
export const PageQuerySchema = Type.Object({ start: Start, count: Count });
/** `GET /api/tags`. */
export const SortedPageQuerySchema = Type.Object({ start: Start, count: Count, sorting: Sorting });

/** `GET /api/runs`, `/api/folders`; a `count` above {@link MAX_PAGE} is cut to it (the reply says how many there are). */
export const ListQuerySchema = Type.Object({
  start: Start,
  count: Count,
  filters: Filters,
  sorting: Sorting,
  return_metrics: flag('False leaves the metrics out.'),
});

export const RunListQuerySchema = Type.Object({
  ...ListQuerySchema.properties,
  return_progress: flag('True tells how far runs have come, of the first hundred.'),
});

/** `GET /api/metrics/names`: `runs` is a JSON list. */
export const MetricNamesQuerySchema = Type.Object({ runs: Runs });

/** `GET /api/metrics/span`: `runs` is a JSON list; without it, the JSON list is the body, as Simvue's client sends it. */
export const MetricSpanQuerySchema = Type.Object({ runs: Type.Optional(Runs) });

/** `GET /api/metrics/summaries`: `runs` and `metrics` are JSON lists. */
export const MetricSummariesQuerySchema = Type.Object({
  runs: Runs,
  metrics: Type.String({ description: 'A JSON list of names.', examples: ['["loss"]'] }),
  max_points: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 200,
      description: 'Values of a sparkline at the most; absent or 0 = summaries alone.',
    }),
  ),
});

const Totals = flag('True makes running totals of delta sums, which are kept as they were sent.');

/** `GET /api/metrics`: `runs` and `metrics` are JSON lists; no `metrics` = all of them. */
export const MetricValuesQuerySchema = Type.Object({
  runs: Runs,
  metrics: Type.Optional(
    Type.String({ description: 'A JSON list of names; absent = all metrics.', examples: ['["loss"]'] }),
  ),
  xaxis: Xaxis,
  aggregate: flag('True makes one series a metric of all runs.'),
  totals: Totals,
  max_points: MaxPoints,
});

/** `GET /api/events`: `count=0` = all. */
export const SimvueEventsQuerySchema = Type.Object({
  run: Run,
  start: Start,
  count: count(`How many at the most; ${DEFAULT_PAGE} when absent, 0 = all.`),
  filters: Filters,
});

/** `GET /api/events/histogram`: `window` in seconds. */
export const SimvueHistogramQuerySchema = Type.Object({
  run: Run,
  window: Type.Number({ exclusiveMinimum: 0, description: 'Width of a bin in seconds.', examples: [60] }),
  timestamp_begin: Time,
  timestamp_end: Time,
});

const PLOT_VIEW = {
  xaxis: Xaxis,
  totals: Totals,
  from: Type.Optional(Type.Number({ description: 'Least x, in the unit of the axis.' })),
  to: Type.Optional(Type.Number({ description: 'Greatest x.' })),
  max_points: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PLOT_POINTS,
      description: `Points or buckets of a series at the most; ${DEFAULT_PLOT_POINTS} when absent.`,
    }),
  ),
};
/** `GET /api/runs/{id}/plot`: `series` is repeated; `from` and `to` are inclusive, in the unit of the axis. */
export const PlotQuerySchema = Type.Object({
  series: Type.Array(Type.Integer(), { minItems: 1, maxItems: 200, description: 'Ids of series.', examples: [[1]] }),
  ...PLOT_VIEW,
});
/** `GET /api/plots`: the same of several runs. */
export const PlotsQuerySchema = Type.Object({
  series: Type.String({
    description: 'A JSON object: ids of series by run, of 100 runs and 200 series at the most.',
    examples: ['{"aVTWGxtWy8iYEIqRB2SRTi":[1]}'],
  }),
  ...PLOT_VIEW,
});

/** `GET /api/runs/{id}/events`: `level` is the least one; `from` and `to` are timestamps. */
export const EventsQuerySchema = Type.Object({
  start: Start,
  count: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_EVENTS,
      description: `How many at the most; ${DEFAULT_PAGE} when absent.`,
    }),
  ),
  order: Type.Optional(Type.Enum(['asc', 'desc'], { description: 'By time; the oldest first when absent.' })),
  contains: Type.Optional(Type.String({ description: 'Text that the message has in it.' })),
  level: Type.Optional(Type.Enum(LOG_LEVELS, { description: 'The least level.' })),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
});

/** `GET /api/runs/{id}/events/histogram`: without `from` and `to` the whole life of the run. */
export const HistogramQuerySchema = Type.Object({
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  bins: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Number of bins, 60 when absent; of the whole life the most, of a round width.',
    }),
  ),
});

/** `GET /api/live`: `run` is repeated; none = every run. */
export const LiveQuerySchema = Type.Object({
  run: Type.Optional(Type.Array(Type.String(), { maxItems: 1000, description: 'Ids of runs; absent = all runs.' })),
});
