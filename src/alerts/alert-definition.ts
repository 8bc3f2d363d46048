import { SimvueError } from '../errors.ts';
import { hint } from '../option-kinds.ts';

export const ALERT_SOURCES = ['metrics', 'events', 'run', 'user'] as const;
/** Where an alert looks: `run` at the status of the run; `user` alerts are set by `logAlert`. */
export type AlertSource = (typeof ALERT_SOURCES)[number];

const THRESHOLD_RULES = ['is above', 'is below'] as const;
const RANGE_RULES = ['is inside range', 'is outside range'] as const;
const PRESENCE_RULES = ['has no data', 'is not finite'] as const;
const STATUS_RULES = ['failed', 'lost'] as const;
export const ALERT_RULES = [...THRESHOLD_RULES, ...RANGE_RULES, ...PRESENCE_RULES, ...STATUS_RULES] as const;
/** When a metric is wrong (equal to a bound is not), or which status of a run is. */
export type AlertRule = (typeof ALERT_RULES)[number];

const PATTERN_TYPES = ['substring', 'regex'] as const;
const AGGREGATIONS = ['average', 'sum', 'at least one', 'all', 'rate of change', 'spread'] as const;
/** How the values of a window become one; the rate of change is by minute, the spread from the least to the greatest. */
export type AlertAggregation = (typeof AGGREGATIONS)[number];

/** An alert of a run, as `addAlert` takes it. */
export interface AlertDefinition {
  /** 1 to 255 characters. */
  readonly name: string;
  /** Default: `events` when there is a pattern and no rule, else `metrics`. */
  readonly source?: AlertSource;
  /** Needed with the sources `metrics` and `run`. */
  readonly rule?: AlertRule;
  /** Metric name; only `*` is special. */
  readonly metric?: string;
  /** For `is above` and `is below`; 0 is a threshold. */
  readonly threshold?: number;
  /** With `rangeHigh`, for `is inside range` and `is outside range`; below `rangeHigh`. */
  readonly rangeLow?: number;
  readonly rangeHigh?: number;
  /** Text that an event must hold. */
  readonly pattern?: string;
  /** Default `substring`. */
  readonly patternType?: (typeof PATTERN_TYPES)[number];
  /** Minutes between evaluations, fractions allowed; default 1. */
  readonly frequency?: number;
  /** Minutes that an evaluation looks back; default: the frequency. */
  readonly window?: number;
  /** Minutes after the start of the run that are not looked at; default 0. */
  readonly delay?: number;
  /** Default `average`. */
  readonly aggregation?: AlertAggregation;
  /** True: a run younger than the window is evaluated too. */
  readonly evaluatePartialWindow?: boolean;
  /** Names of channels that the collector knows; default `none`. */
  readonly notification?: string | readonly string[];
  /** True: the run is to be aborted when the alert fires. */
  readonly triggerAbort?: boolean;
  readonly description?: string;
}

/** A definition in which everything is said. */
export type CheckedAlert = AlertDefinition & Required<Pick<AlertDefinition, 'source' | 'frequency' | 'window'>>;

/** A definition whose source is told by the method, and which needs some keys. */
export type AlertWith<Key extends keyof AlertDefinition> = Omit<AlertDefinition, 'source'> &
  Required<Pick<AlertDefinition, Key>>;

const DEFAULT_FREQUENCY_MINUTES = 1;
const MIN_MINUTES = 0.001;

const FIELD_SET: Readonly<Record<keyof AlertDefinition, true>> = {
  name: true,
  source: true,
  rule: true,
  metric: true,
  threshold: true,
  rangeLow: true,
  rangeHigh: true,
  pattern: true,
  patternType: true,
  frequency: true,
  window: true,
  delay: true,
  aggregation: true,
  evaluatePartialWindow: true,
  notification: true,
  triggerAbort: true,
  description: true,
};
const FIELDS = Object.keys(FIELD_SET);

/**
 * Checks a definition and completes it; what does not belong to its source is refused, not ignored.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` that names the alert and the field.
 */
export function checkAlert(definition: AlertDefinition): CheckedAlert {
  const { name, pattern, rule } = definition;
  if (typeof name !== 'string' || name === '' || name.length > 255)
    throw invalid('', 'name', 'needs 1 to 255 characters');
  const source = definition.source ?? (pattern !== undefined && rule === undefined ? 'events' : 'metrics');
  oneOf(name, 'source', source, ALERT_SOURCES);
  const unknown = Object.keys(definition).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw invalid(name, unknown, `is not known${hint(unknown, FIELDS)}`);
  if (source === 'metrics') checkMetricRule(definition);
  if (source === 'run') oneOf(name, 'rule', rule, STATUS_RULES);
  if (source === 'events') checkPattern(definition);
  if (source !== 'events') absent(definition, ['pattern', 'patternType']);
  if (source !== 'metrics') absent(definition, ['metric', 'threshold', 'rangeLow', 'rangeHigh', 'aggregation']);
  if (source === 'events' || source === 'user') absent(definition, ['rule']);
  if (source === 'run' || source === 'user') absent(definition, ['delay']);
  const frequency = definition.frequency ?? DEFAULT_FREQUENCY_MINUTES;
  const window = definition.window ?? frequency;
  for (const [field, minutes] of Object.entries({ frequency, window })) {
    if (!(Number.isFinite(minutes) && minutes >= MIN_MINUTES))
      throw invalid(name, field, `is not a number of minutes from ${MIN_MINUTES} on`);
  }
  if (!isChannels(definition.notification))
    throw invalid(name, 'notification', 'is no name of a channel, and no list of them');
  const { delay = 0 } = definition;
  if (!(Number.isFinite(delay) && delay >= 0)) throw invalid(name, 'delay', 'is not a number of minutes from 0 on');
  return { ...definition, source, frequency, window };
}

function isChannels(notification: unknown): boolean {
  return [notification ?? []].flat().every((channel) => typeof channel === 'string');
}

function checkPattern({ name, pattern, patternType = 'substring' }: AlertDefinition): void {
  if (typeof pattern !== 'string' || pattern === '') throw invalid(name, 'pattern', 'is missing');
  oneOf(name, 'patternType', patternType, PATTERN_TYPES);
}

function checkMetricRule({ name, rule, metric, threshold, rangeLow, rangeHigh, aggregation }: AlertDefinition): void {
  oneOf(name, 'rule', rule, [...THRESHOLD_RULES, ...RANGE_RULES, ...PRESENCE_RULES]);
  if (typeof metric !== 'string' || metric === '') throw invalid(name, 'metric', 'is missing');
  if (aggregation !== undefined) oneOf(name, 'aggregation', aggregation, AGGREGATIONS);
  const isRange = RANGE_RULES.some((known) => known === rule);
  const isThreshold = THRESHOLD_RULES.some((known) => known === rule);
  // Zero is a threshold like any other.
  const bounds = { threshold: isThreshold, rangeLow: isRange, rangeHigh: isRange };
  for (const [field, value] of Object.entries({ threshold, rangeLow, rangeHigh })) {
    const isNeeded = bounds[field as keyof typeof bounds];
    if (isNeeded && !Number.isFinite(value)) throw invalid(name, field, `must be a number for "${rule}"`);
    if (!isNeeded && value !== undefined) throw invalid(name, field, `does not belong to "${rule}"`);
  }
  if (isRange && Number(rangeLow) >= Number(rangeHigh)) throw invalid(name, 'rangeLow', 'must be below rangeHigh');
}

function absent(definition: AlertDefinition, fields: readonly (keyof AlertDefinition)[]): void {
  const field = fields.find((key) => definition[key] !== undefined);
  if (field !== undefined) throw invalid(definition.name, field, 'does not belong to an alert of this source');
}

function oneOf(name: string, field: string, value: unknown, known: readonly string[]): void {
  if (!known.some((item) => item === value)) throw invalid(name, field, `is not one of ${known.join(', ')}`);
}

function invalid(name: string, field: string, problem: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `alert "${name}": ${field} ${problem}`);
}
