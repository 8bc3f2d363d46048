import { defined } from '../run-options.ts';
import { ALERT_EVENT } from '../semconv.ts';
import type { RecordAttributes, SimvueRecord } from './log-entries.ts';

/** Body of `POST /api/alerts`. */
export interface NewAlert {
  readonly name: string;
  readonly [field: string]: unknown;
}

const BOUNDED_RULES: readonly unknown[] = ['is above', 'is below', 'is inside range', 'is outside range'];
const DEFAULT_MINUTES = 1;

/** The alert that a `simvue.alert.define` record defines; what it counts in minutes the server counts in its unit. */
export function alertJson({ attributes }: SimvueRecord): NewAlert {
  const source = attributes[ALERT_EVENT.source] ?? 'metrics';
  return {
    name: String(attributes[ALERT_EVENT.name] ?? ''),
    source,
    notification: String(attributes[ALERT_EVENT.notification] ?? 'none'),
    enabled: true,
    abort: attributes[ALERT_EVENT.abort] === true,
    ...defined({
      description: attributes[ALERT_EVENT.description],
      delay: attributes[ALERT_EVENT.delayMinutes],
      alert: ruleOf(source, attributes),
    }),
  };
}

function ruleOf(source: unknown, attributes: RecordAttributes): Record<string, unknown> | undefined {
  const rule = attributes[ALERT_EVENT.rule];
  if (source === 'user') return undefined;
  if (source === 'run') return { status: rule };
  const frequency = attributes[ALERT_EVENT.frequencyMinutes] ?? DEFAULT_MINUTES;
  const window = attributes[ALERT_EVENT.windowMinutes] ?? frequency;
  if (source === 'events') {
    const pattern_type = attributes[ALERT_EVENT.patternType];
    const ofOurs = defined({ pattern_type, window: window === frequency ? undefined : window });
    return { pattern: attributes[ALERT_EVENT.pattern], frequency, ...ofOurs };
  }
  const aggregation = BOUNDED_RULES.includes(rule) ? (attributes[ALERT_EVENT.aggregation] ?? 'average') : undefined;
  return defined({
    rule,
    metric: attributes[ALERT_EVENT.metric],
    threshold: attributes[ALERT_EVENT.threshold],
    range_low: attributes[ALERT_EVENT.rangeLow],
    range_high: attributes[ALERT_EVENT.rangeHigh],
    window,
    frequency,
    aggregation,
    evaluate_partial_window: attributes[ALERT_EVENT.evaluatePartialWindow],
  });
}
