import {
  ALERT_RULES,
  ALERT_SOURCES,
  type AlertDefinition,
  type AlertRule,
  type AlertSource,
} from './alert-definition.ts';

/** Rules without `is` and `range`. */
export type ShortRule = 'above' | 'below' | 'inside' | 'outside';

/** An alert with the keys of the first clients beside today's. */
export type NamedAlert = Omit<AlertDefinition, 'name' | 'rule'> & {
  readonly name: string;
  readonly rule?: AlertRule | ShortRule;
  /** The rule, in the first client. */
  readonly type?: AlertRule | ShortRule;
  readonly range_low?: number;
  readonly range_high?: number;
  readonly pattern_type?: AlertDefinition['patternType'];
  readonly trigger_abort?: boolean;
};

/** Bounds of the second form of `addAlert`: a threshold, or the ends of a range, or both by name. */
export type AlertBounds = [threshold?: number] | [rangeLow: number, rangeHigh: number] | [bounds: Partial<NamedAlert>];

/** Every form of `addAlert` there has been; the positional ones are told apart by their second argument; null = not given. */
export type AlertArguments =
  | [definition: NamedAlert]
  | [
      name: string,
      rule: AlertRule | ShortRule,
      metric: string,
      frequency: number,
      window: number,
      ...bounds: AlertBounds,
    ]
  | [
      name: string,
      source: AlertSource,
      frequency?: number | null | undefined,
      window?: number | null | undefined,
      rule?: AlertRule | ShortRule | null | undefined,
      metric?: string | null | undefined,
      threshold?: number | null | undefined,
      rangeLow?: number | null | undefined,
      rangeHigh?: number | null | undefined,
      notification?: string | null | undefined,
      pattern?: string | null | undefined,
    ];

/**
 * Puts every form of `addAlert` into a definition.
 *
 * @see Simvue client references, `add_alert` (seeds 001, 002, 003)
 */
export function alertDefinition(args: AlertArguments): AlertDefinition {
  const [first, second] = args;
  if (typeof first === 'object') return renamed(first);
  if (isOneOf(ruleOf(second), ALERT_RULES)) return byRule(args as readonly unknown[]);
  if (isOneOf(second, ALERT_SOURCES)) return bySource(args as readonly unknown[]);
  return { name: first, rule: second as unknown as AlertRule };
}

function byRule([name, word, metric, frequency, window, bound, rangeHigh]: readonly unknown[]): AlertDefinition {
  const rule = ruleOf(word);
  if (typeof bound === 'object' && bound !== null) {
    return renamed({ ...bound, name, rule, metric, frequency, window } as NamedAlert);
  }
  const bounds = rangeHigh === undefined ? { threshold: bound } : { rangeLow: bound, rangeHigh };
  return given({ name, rule, metric, frequency, window, ...bounds });
}

function bySource(args: readonly unknown[]): AlertDefinition {
  const [name, source, frequency, window, word, metric, threshold, rangeLow, rangeHigh, notification, pattern] = args;
  return given({
    name,
    source,
    frequency,
    window,
    rule: ruleOf(word),
    metric,
    threshold,
    rangeLow,
    rangeHigh,
    notification,
    pattern,
  });
}

function renamed({ type, range_low, range_high, pattern_type, trigger_abort, rule = type, ...definition }: NamedAlert) {
  return given({
    rule: ruleOf(rule),
    rangeLow: range_low,
    rangeHigh: range_high,
    patternType: pattern_type,
    triggerAbort: trigger_abort,
    ...definition,
  });
}

/** Without what is undefined or, as Python callers say it, null. */
function given(definition: Readonly<Record<string, unknown>>): AlertDefinition {
  const entries = Object.entries(definition).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as unknown as AlertDefinition;
}

function ruleOf(rule: unknown): unknown {
  const like = typeof rule === 'string' ? ALERT_RULES.filter((known) => known.split(' ').includes(rule)) : [];
  return like.length === 1 && like[0] !== undefined ? like[0] : rule;
}

function isOneOf(value: unknown, known: readonly string[]): boolean {
  return known.some((item) => item === value);
}
