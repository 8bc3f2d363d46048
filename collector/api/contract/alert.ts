import { type Static, Type } from 'typebox';
import { flag, nullable, Timestamp } from './json.ts';
import { AllOrCount, Id, Sorting, Start } from './query.ts';

const Name = Type.String({ minLength: 1, maxLength: 255 });
/** Fractions are fine. */
const Minutes = Type.Number({ minimum: 0.001, maximum: 1_000_000 });
const AGGREGATION = Type.Enum(['average', 'sum', 'at least one', 'all', 'rate of change', 'spread']);
const CLOSED = { additionalProperties: false } as const;
/** In `metric` only `*` is special. */
const Window = { metric: Name, window: Minutes, frequency: Minutes } as const;
const Aggregated = {
  ...Window,
  aggregation: Type.Optional(AGGREGATION),
  evaluate_partial_window: Type.Optional(Type.Boolean()),
} as const;

/** Fires when a message contains the pattern, or matches it. */
const EventsRule = Type.Object(
  {
    pattern: Type.String({ minLength: 1, maxLength: 10_000 }),
    pattern_type: Type.Optional(Type.Enum(['substring', 'regex'])),
    frequency: Minutes,
    window: Type.Optional(Minutes),
  },
  CLOSED,
);
const ThresholdRule = Type.Object(
  { rule: Type.Enum(['is above', 'is below']), threshold: Type.Number(), ...Aggregated },
  CLOSED,
);
const RangeRule = Type.Object(
  {
    rule: Type.Enum(['is inside range', 'is outside range']),
    range_low: Type.Number(),
    range_high: Type.Number(),
    ...Aggregated,
  },
  CLOSED,
);
const PresenceRule = Type.Object({ rule: Type.Enum(['has no data', 'is not finite']), ...Window }, CLOSED);
/** Fires while the run has the status. */
const RunRule = Type.Object({ status: Type.Enum(['failed', 'lost']) }, CLOSED);
export const RULE_SCHEMAS = {
  events: EventsRule,
  threshold: ThresholdRule,
  range: RangeRule,
  presence: PresenceRule,
  run: RunRule,
} as const;
/** What `alert` may be; it is read by source, so that an error names the field and not the alternatives. */
export const AlertRuleSchema = Type.Union(Object.values(RULE_SCHEMAS));
const SOURCE = Type.Enum(['metrics', 'events', 'run', 'user']);
const UNIT = Type.Enum(['minutes', 'seconds'], { description: 'What `window`, `frequency` and `delay` count.' });

const Delay = Type.Number({
  minimum: 0,
  maximum: 1_000_000,
  description:
    'Of metrics and events: what comes before it, counted from the start of the run, is not looked at. In the unit of `window`.',
});

const FIELDS = {
  name: Type.Optional(Name),
  source: Type.Optional(SOURCE),
  alert: Type.Optional(
    nullable(
      Type.Record(Type.String(), Type.Unknown()),
      'The rule, by source and `rule`: see the schema `AlertRule`; absent for user alerts.',
    ),
  ),
  description: Type.Optional(nullable(Type.String({ maxLength: 65_536 }))),
  notification: Type.Optional(Type.String({ maxLength: 255, description: 'Names of channels, separated by commas.' })),
  /** Simvue's Python client changes it with the text of a boolean. */
  enabled: Type.Optional(Type.Union([Type.Boolean(), Type.Enum(['True', 'true', '1', 'False', 'false', '0'])])),
  abort: Type.Optional(Type.Boolean({ description: 'True: the run is asked to stop when the alert is critical.' })),
  auto: Type.Optional(Type.Boolean()),
  run_tags: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
  delay: Type.Optional(Delay),
} as const;

/** `PUT /api/alerts/{id}` */
export const AlertChangeBody = Type.Object(FIELDS, { additionalProperties: false });
export type AlertChangeBody = Static<typeof AlertChangeBody>;
/** What the Python client sends a second time, beside `alert`, in its versions 2.0 and 2.1. */
const REPEATED = Type.Optional(Type.Unknown({ description: 'As in `alert`, which alone is read.' }));
const REPEATED_FIELDS = {
  rule: REPEATED,
  metric: REPEATED,
  pattern: REPEATED,
  threshold: REPEATED,
  range_low: REPEATED,
  range_high: REPEATED,
  aggregation: REPEATED,
  window: REPEATED,
  frequency: REPEATED,
} as const;

/** `POST /api/alerts` */
export const NewAlertBody = Type.Object(
  { ...FIELDS, ...REPEATED_FIELDS, name: Name, source: SOURCE },
  { additionalProperties: false },
);
export type NewAlertBody = Static<typeof NewAlertBody>;

export const AlertListQuerySchema = Type.Object({
  start: Start,
  count: AllOrCount,
  sorting: Sorting,
});
export const DeduplicateQuery = Type.Object({
  deduplicate: flag('True: one of the same definition is taken instead of a new one.'),
});
export const AlertStatusParams = Type.Object({
  id: Id,
  run: Id,
});
export const RunAlertParams = Type.Object({
  id: Id,
  alert: Id,
});
export const AlertStatusBody = Type.Object({ status: Type.Enum(['ok', 'critical']) }, { additionalProperties: false });
export const AlertStatusView = Type.Object({ status: nullable(Type.Enum(['ok', 'critical'])) });

export const AlertViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: nullable(Type.String()),
  notification: Type.String(),
  source: SOURCE,
  enabled: Type.Boolean(),
  abort: Type.Boolean(),
  auto: Type.Boolean(),
  run_tags: Type.Array(Type.String()),
  delay: Type.Number(),
  unit: UNIT,
  alert: nullable(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
  created: Timestamp,
  user: Type.String(),
});
export type AlertView = Static<typeof AlertViewSchema>;
export const AlertListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(AlertViewSchema) });
export type AlertList = Static<typeof AlertListSchema>;
/** `GET /api/alerts/{id}/evaluations` */
export const EvaluationsQuery = Type.Object({
  run: Type.String({ minLength: 1, maxLength: 128, description: 'Id of the run.' }),
});
const Verdict = Type.Enum(['firing', 'ok', 'no data', 'warming up']);
/** NaN and infinite values as text; null = no data. */
const Value = Type.Union([Type.Number(), Type.String(), Type.Null()]);
export const EvaluationSchema = Type.Object({
  /** The window is (from, time]. */
  time: Timestamp,
  from: Timestamp,
  series: Type.String(),
  /** Part of the window that the run had lived; below 1 = warming up. */
  share: Type.Number(),
  points: Type.Integer(),
  non_finite: Type.Integer(),
  /** Points that came after their last window was evaluated. */
  late: Type.Integer(),
  /** Evaluations left out before this one, because nothing had come. */
  skipped: Type.Integer(),
  value: Value,
  verdict: Verdict,
  changed: Type.Boolean(),
});
export type EvaluationView = Static<typeof EvaluationSchema>;
const AlertMessageSchema = Type.Object({
  channel: Type.String(),
  state: Type.String(),
  time: Timestamp,
  sent: nullable(Timestamp),
  attempts: Type.Integer(),
  error: nullable(Type.String()),
});
export const EvaluationsView = Type.Object({
  /** The rule in words. */
  rule: Type.String(),
  status: nullable(Type.Enum(['ok', 'critical'])),
  /** Newest first. */
  data: Type.Array(EvaluationSchema),
  messages: Type.Array(AlertMessageSchema),
});
export type EvaluationsView = Static<typeof EvaluationsView>;
/** `GET /api/alerts/channels` */
export const ChannelsView = Type.Object({
  unit: UNIT,
  data: Type.Array(
    Type.Object({
      name: Type.String(),
      /** Messages since the start of the collector. */
      sent: Type.Integer(),
      /** Messages it has not taken yet; more than 10,000 are not counted. */
      waiting: Type.Integer(),
      /** Attempts that failed since the last success. */
      failures: Type.Integer(),
      error: nullable(Type.String()),
      last_sent: nullable(Timestamp),
    }),
  ),
});
export type ChannelsView = Static<typeof ChannelsView>;
/** `POST /api/alerts/test` */
export const AlertTestBody = Type.Object(
  {
    run: Type.String({ minLength: 1, maxLength: 128 }),
    source: SOURCE,
    alert: Type.Record(Type.String(), Type.Unknown()),
    delay: Type.Optional(Delay),
  },
  CLOSED,
);
export const AlertTestView = Type.Object({
  rule: Type.String(),
  /** Changes of state in the order of time. */
  changes: Type.Array(
    Type.Object({ time: Timestamp, series: Type.String(), state: Verdict, value: Value, points: Type.Integer() }),
  ),
  evaluations: Type.Integer(),
  points: Type.Integer(),
});
export type AlertTestView = Static<typeof AlertTestView>;

/** An alert in the run view. */
export const RunAlertSchema = Type.Object({
  alert: AlertViewSchema,
  status: nullable(Type.Enum(['ok', 'critical'])),
  /** Since when it is that (not in Simvue); null without a status. */
  since: nullable(Timestamp),
});
export type RunAlertView = Static<typeof RunAlertSchema>;
