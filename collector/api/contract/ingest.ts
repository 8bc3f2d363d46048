import { Type } from 'typebox';
import { nullable, Timestamp } from './json.ts';
import { LOG_LEVELS } from './telemetry.ts';

const RunId = Type.String({
  pattern: '^[A-Za-z0-9]{22}$',
  description: 'Id of the run.',
  examples: ['DkVY5SER590KtF9sJsJiD7'],
});
const Step = Type.Integer({ description: 'Step of the program.', examples: [3] });
const RunTime = Type.Number({ description: 'Seconds since the run began.', examples: [12.5] });

/** `POST /api/metrics`, as msgpack: values of one run. */
export const MetricsMessage = Type.Object({
  run: RunId,
  metrics: Type.Array(
    Type.Object({
      timestamp: Timestamp,
      step: Type.Optional(nullable(Step)),
      time: Type.Optional(nullable(RunTime)),
      values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Boolean()]), {
        description: 'Value of each metric by its name; not finite numbers too.',
        examples: [{ loss: 0.25 }],
      }),
    }),
  ),
});

/** `POST /api/events`, as msgpack: messages of one run. */
export const EventsMessage = Type.Object({
  run: RunId,
  events: Type.Array(
    Type.Object({
      timestamp: Timestamp,
      message: Type.String(),
      log_level: Type.Optional(nullable(Type.Enum(LOG_LEVELS))),
    }),
  ),
});

/** `POST /api/runs/{id}/metrics`, as msgpack: arrays of metrics of one or two dimensions, at most 50,000 values each. */
export const ArraysMessage = Type.Array(
  Type.Object({
    metric: Type.String({ minLength: 1, maxLength: 255 }),
    step: Step,
    time: Type.Optional(nullable(RunTime)),
    timestamp: Timestamp,
    array: Type.Array(Type.Union([Type.Number(), Type.Array(Type.Number())]), { minItems: 1 }),
  }),
);

/** What became of a message: `rejected` of its entries or values were not stored, and `detail` says why. */
export const StoredView = Type.Object({
  id: Type.Optional(Type.String()),
  rejected: Type.Optional(Type.Integer({ minimum: 1 })),
  detail: Type.Optional(Type.String()),
});
export const StoredArraysView = Type.Object({ id: Type.String(), stored: Type.Integer() });
