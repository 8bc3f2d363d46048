import type { AlertView } from '../../../collector/api/contract/alert.ts';

/** What the alert dialog asks for; numbers as they were typed. */
export interface AlertForm {
  name: string;
  description: string;
  /** Alerts of a `user` are made by programs; here they are only edited. */
  source: AlertView['source'];
  metric: string;
  rule: string;
  low: string;
  high: string;
  aggregation: string;
  pattern: string;
  isRegex: boolean;
  status: string;
  window: string;
  frequency: string;
  /** Empty = none. */
  delay: string;
  /** Names of channels. */
  told: string[];
  abort: boolean;
  /** New runs with one of them get it. */
  tags: string[];
}

export const METRIC_RULES: readonly string[] = [
  'is above',
  'is below',
  'is outside range',
  'is inside range',
  'has no data',
  'is not finite',
];
export const AGGREGATIONS: readonly string[] = ['average', 'sum', 'at least one', 'all', 'rate of change', 'spread'];

export const EMPTY_ALERT: Readonly<AlertForm> = {
  name: '',
  description: '',
  source: 'metrics',
  metric: '',
  rule: 'is above',
  low: '',
  high: '',
  aggregation: 'average',
  pattern: '',
  isRegex: false,
  status: 'failed',
  window: '5',
  frequency: '1',
  delay: '',
  told: [],
  abort: false,
  tags: [],
};

/** An alert as the dialog shows it. */
export function formOf({ alert, notification, ...shown }: AlertView): AlertForm {
  const text = (field: string, fallback = '') => String(alert?.[field] ?? fallback);
  return {
    ...{ name: shown.name, description: shown.description ?? '', source: shown.source, abort: shown.abort },
    ...{ metric: text('metric'), pattern: text('pattern'), isRegex: alert?.['pattern_type'] === 'regex' },
    rule: text('rule', EMPTY_ALERT.rule),
    low: text('range_low', text('threshold')),
    high: text('range_high'),
    aggregation: text('aggregation', EMPTY_ALERT.aggregation),
    status: text('status', EMPTY_ALERT.status),
    window: text('window', EMPTY_ALERT.window),
    frequency: text('frequency', EMPTY_ALERT.frequency),
    delay: shown.delay === 0 ? '' : String(shown.delay),
    told: notification
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && name !== 'none'),
    tags: shown.run_tags,
  };
}

/** The alert as the API takes it. */
export const bodyOf = (form: Readonly<AlertForm>) => ({
  name: form.name.trim(),
  description: form.description.trim() || null,
  source: form.source,
  alert: ruleOf(form),
  delay: delayOf(form),
  notification: form.told.join(',') || 'none',
  abort: form.abort,
  auto: form.tags.length > 0,
  run_tags: form.tags,
});

/** What of an alert was edited: what others change meanwhile is left alone. */
export function changeOf(alert: AlertView, form: Readonly<AlertForm>): Partial<ReturnType<typeof bodyOf>> {
  const was = new Map<string, unknown>(Object.entries(bodyOf(formOf(alert))));
  const edited = Object.entries(bodyOf(form)).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(was.get(field)),
  );
  return Object.fromEntries(edited);
}

export const isRange = (rule: string): boolean => rule.endsWith('range');
/** Whether a rule compares with a value at all. */
export const hasLimit = (rule: string): boolean => rule === 'is above' || rule === 'is below' || isRange(rule);

/** The rule as the API takes it; null where the program tells the status. */
export function ruleOf(form: Readonly<AlertForm>): Record<string, unknown> | null {
  if (form.source === 'user') return null;
  const timing = { window: Number(form.window), frequency: Number(form.frequency) };
  if (form.source === 'run') return { status: form.status };
  if (form.source === 'events') {
    const pattern_type = form.isRegex ? 'regex' : 'substring';
    return { pattern: form.pattern, pattern_type, frequency: timing.frequency };
  }
  const rule = { rule: form.rule, metric: form.metric, ...timing };
  if (!hasLimit(form.rule)) return rule;
  const limits = isRange(form.rule)
    ? { range_low: Number(form.low), range_high: Number(form.high) }
    : { threshold: Number(form.low) };
  return { ...rule, ...limits, aggregation: form.aggregation };
}

/** From when on a run is looked at, after its start; in the unit of windows. */
export const delayOf = ({ source, delay }: Readonly<AlertForm>): number =>
  source === 'metrics' || source === 'events' ? Number(delay) : 0;

/** A field that is typed, by the name that the API gives it in its answers. */
export type TypedField = Exclude<
  { [K in keyof AlertForm]: AlertForm[K] extends string ? K : never }[keyof AlertForm],
  'source' | 'rule' | 'aggregation' | 'status'
>;
export const apiFieldOf = (field: TypedField, rule: string): string =>
  field === 'low' ? (isRange(rule) ? 'range_low' : 'threshold') : field === 'high' ? 'range_high' : field;

/** What is missing or wrong, in words; undefined = it can be asked for. */
export function alertProblem(form: Readonly<AlertForm>): string | undefined {
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  if (form.source === 'run' || form.source === 'user') return undefined;
  if (!(Number(form.frequency) > 0)) return 'the time between evaluations is not a number above 0';
  if (!(Number(form.delay) >= 0)) return 'the time left out at the start is not a number from 0 on';
  if (form.source === 'events') return form.pattern ? undefined : 'the text to look for is missing';
  if (!form.metric.trim()) return 'the metric is missing';
  if (!(Number(form.window) > 0)) return 'the window is not a number above 0';
  if (!hasLimit(form.rule)) return undefined;
  if (!isNumber(form.low)) return 'the value to compare with is not a number';
  if (!isRange(form.rule)) return undefined;
  if (!isNumber(form.high)) return 'the end of the range is not a number';
  return Number(form.low) < Number(form.high) ? undefined : 'the range ends below its beginning';
}
