import { ALERT_EVENT, EVENT } from 'simvue-otel/semconv';
import type { AlertDefinition, AlertRule, AlertStatus } from '../store/alert-store.ts';
import { type AlertUnit, ruleProblem } from './alert-rule.ts';
import { type AttributeReader, defined } from './change-attributes.ts';
import type { EventRecord } from './telemetry.ts';

const SOURCES = ['metrics', 'events', 'run', 'user'] as const;
const BOUND_RULES = ['is above', 'is below'] as const;
const RANGE_RULES = ['is inside range', 'is outside range'] as const;
const PRESENCE_RULES = ['has no data', 'is not finite'] as const;
const AGGREGATIONS = ['average', 'sum', 'at least one', 'all', 'rate of change', 'spread'] as const;
const MIN_MINUTES = 0.001;
const MAX_MINUTES = 1_000_000;

/** What a `simvue.alert.*` record asks for. */
export type AlertEvent =
  | { readonly kind: 'define'; readonly definition: AlertDefinition }
  | {
      readonly kind: 'status';
      readonly id: string | undefined;
      readonly name: string | undefined;
      readonly status: AlertStatus;
    };

/**
 * Reads an alert record of a run.
 *
 * @param unit - in which windows are kept; records tell minutes.
 * @returns undefined when it cannot be used: `reader.problems` says why.
 */
export function readAlertEvent(record: EventRecord, reader: AttributeReader, unit: AlertUnit): AlertEvent | undefined {
  const name = reader.name(ALERT_EVENT.name);
  if (record.eventName === EVENT.alertStatus) {
    const id = reader.text(ALERT_EVENT.id);
    const status = reader.oneOf(ALERT_EVENT.status, ['ok', 'critical']);
    if (id === undefined && name === undefined) return missing(reader, ALERT_EVENT.name);
    return status === undefined ? missing(reader, ALERT_EVENT.status) : { kind: 'status', id, name, status };
  }
  if (name === undefined) return missing(reader, ALERT_EVENT.name);
  const source = reader.oneOf(ALERT_EVENT.source, SOURCES);
  if (source === undefined) return missing(reader, ALERT_EVENT.source);
  const rule = source === 'user' ? null : readRule(source, reader, unit);
  const delay = readSpan(reader, ALERT_EVENT.delayMinutes, unit, true) ?? 0;
  if (rule === undefined || reader.problems.length > 0) return undefined;
  const problem = ruleProblem({ source, rule });
  if (problem !== undefined) {
    reader.problems.push(`simvue.alert.${problem.field} ${problem.reason}`);
    return undefined;
  }
  const definition: AlertDefinition = {
    name,
    source,
    rule,
    description: reader.text(ALERT_EVENT.description) ?? null,
    notification: reader.tags(ALERT_EVENT.notification)?.join(',') ?? 'none',
    enabled: true,
    abort: reader.text(ALERT_EVENT.abort) === 'true',
    auto: false,
    runTags: [],
    delay,
  };
  return { kind: 'define', definition };
}

function readRule(
  source: 'metrics' | 'events' | 'run',
  reader: AttributeReader,
  unit: AlertUnit,
): AlertRule | undefined {
  if (source === 'run') {
    const status = reader.oneOf(ALERT_EVENT.rule, ['failed', 'lost']);
    return status === undefined ? missing(reader, ALERT_EVENT.rule) : { status };
  }
  const frequency = readSpan(reader, ALERT_EVENT.frequencyMinutes, unit) ?? (unit === 'minutes' ? 1 : 60);
  const window = readSpan(reader, ALERT_EVENT.windowMinutes, unit) ?? frequency;
  if (source === 'events') {
    const pattern = reader.text(ALERT_EVENT.pattern);
    const patternType = reader.oneOf(ALERT_EVENT.patternType, ['substring', 'regex']);
    if (pattern === undefined || pattern === '') return missing(reader, ALERT_EVENT.pattern);
    return defined({ pattern, pattern_type: patternType === 'regex' ? patternType : undefined, frequency, window });
  }
  const rule = reader.oneOf(ALERT_EVENT.rule, [...BOUND_RULES, ...RANGE_RULES, ...PRESENCE_RULES]);
  const metric = reader.name(ALERT_EVENT.metric);
  if (rule === undefined) return missing(reader, ALERT_EVENT.rule);
  if (metric === undefined) return missing(reader, ALERT_EVENT.metric);
  if (PRESENCE_RULES.some((one) => one === rule)) return { rule, metric, window, frequency };
  const bounds = readBounds(rule, reader);
  const partial = reader.text(ALERT_EVENT.evaluatePartialWindow) === 'true' ? true : undefined;
  const aggregation = reader.oneOf(ALERT_EVENT.aggregation, AGGREGATIONS) ?? 'average';
  return (
    bounds && {
      rule,
      metric,
      ...bounds,
      window,
      frequency,
      aggregation,
      ...defined({ evaluate_partial_window: partial }),
    }
  );
}

function readBounds(rule: string, reader: AttributeReader): { readonly [field: string]: number } | undefined {
  if (BOUND_RULES.some((one) => one === rule)) {
    const threshold = reader.number(ALERT_EVENT.threshold);
    return threshold === undefined ? missing(reader, ALERT_EVENT.threshold) : { threshold };
  }
  const low = reader.number(ALERT_EVENT.rangeLow);
  const high = reader.number(ALERT_EVENT.rangeHigh);
  if (low === undefined) return missing(reader, ALERT_EVENT.rangeLow);
  return high === undefined ? missing(reader, ALERT_EVENT.rangeHigh) : { range_low: low, range_high: high };
}

/** Minutes of a record in the unit of the store. */
function readSpan(reader: AttributeReader, key: string, unit: AlertUnit, canBeZero = false): number | undefined {
  const minutes = reader.number(key);
  if (minutes === undefined) return undefined;
  const least = canBeZero ? 0 : MIN_MINUTES;
  if (minutes >= least && minutes <= MAX_MINUTES) return unit === 'minutes' ? minutes : minutes * 60;
  reader.problems.push(`${key} ${minutes} is out of range: give minutes from ${least} to ${MAX_MINUTES}`);
  return undefined;
}

function missing(reader: AttributeReader, key: string): undefined {
  if (reader.problems.length === 0) reader.problems.push(`${key} is missing`);
  return undefined;
}
