import { type Static, Type } from 'typebox';
import { flag, nullable, Timestamp } from './json.ts';
import { AllOrCount, Id, Sorting, Start } from './query.ts';

const Name = Type.String({ minLength: 1, maxLength: 255 });
/** Fractions are fine. */
const Minutes = Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 });
const AGGREGATION = Type.Enum(['average', 'sum', 'at least one', 'all']);
const Window = { metric: Name, window: Minutes, frequency: Minutes, aggregation: Type.Optional(AGGREGATION) } as const;

/** Fires when a message contains the pattern. */
const EventsRule = Type.Object(
  { pattern: Type.String({ minLength: 1, maxLength: 10_000 }), frequency: Minutes },
  { additionalProperties: false },
);
const ThresholdRule = Type.Object(
  { rule: Type.Enum(['is above', 'is below']), threshold: Type.Number(), ...Window },
  { additionalProperties: false },
);
const RangeRule = Type.Object(
  {
    rule: Type.Enum(['is inside range', 'is outside range']),
    range_low: Type.Number(),
    range_high: Type.Number(),
    ...Window,
  },
  { additionalProperties: false },
);
export const RULE_SCHEMAS = { events: EventsRule, threshold: ThresholdRule, range: RangeRule } as const;

const FIELDS = {
  name: Type.Optional(Name),
  source: Type.Optional(Type.Enum(['metrics', 'events', 'user'])),
  /** The rule: by source and `rule` an events, threshold or range rule; absent for user alerts. */
  alert: Type.Optional(nullable(Type.Record(Type.String(), Type.Unknown()))),
  description: Type.Optional(nullable(Type.String({ maxLength: 65_536 }))),
  notification: Type.Optional(Type.String({ maxLength: 255 })),
  /** Simvue's Python client changes it with the text of a boolean. */
  enabled: Type.Optional(Type.Union([Type.Boolean(), Type.Enum(['True', 'true', '1', 'False', 'false', '0'])])),
  abort: Type.Optional(Type.Boolean()),
  auto: Type.Optional(Type.Boolean()),
  run_tags: Type.Optional(Type.Array(Type.String())),
  delay: Type.Optional(Type.Integer({ minimum: 0 })),
} as const;

/** `PUT /api/alerts/{id}` */
export const AlertChangeBody = Type.Object(FIELDS, { additionalProperties: false });
export type AlertChangeBody = Static<typeof AlertChangeBody>;
/** `POST /api/alerts` */
export const NewAlertBody = Type.Object(
  { ...FIELDS, name: Name, source: Type.Enum(['metrics', 'events', 'user']) },
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
export const AlertStatusBody = Type.Object({ status: Type.Enum(['ok', 'critical']) }, { additionalProperties: false });
export const AlertStatusView = Type.Object({ status: nullable(Type.Enum(['ok', 'critical'])) });

export const AlertViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: nullable(Type.String()),
  notification: Type.String(),
  source: Type.Enum(['metrics', 'events', 'user']),
  enabled: Type.Boolean(),
  abort: Type.Boolean(),
  auto: Type.Boolean(),
  run_tags: Type.Array(Type.String()),
  delay: Type.Integer(),
  alert: nullable(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  created: Timestamp,
  user: Type.String(),
});
export type AlertView = Static<typeof AlertViewSchema>;
export const AlertListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(AlertViewSchema) });
export type AlertList = Static<typeof AlertListSchema>;
/** An alert in the run view. */
export const RunAlertSchema = Type.Object({
  alert: AlertViewSchema,
  status: nullable(Type.Enum(['ok', 'critical'])),
});
export type RunAlertView = Static<typeof RunAlertSchema>;
