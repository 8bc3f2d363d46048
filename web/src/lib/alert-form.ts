import type { AlertView } from '../../../collector/api/contract/alert.ts';

/** What the alert dialog asks for; numbers as they were typed. */
export interface AlertForm {
  name: string;
  source: Exclude<AlertView['source'], 'user'>;
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
};

export const isRange = (rule: string): boolean => rule.endsWith('range');
/** Whether a rule compares with a value at all. */
export const hasLimit = (rule: string): boolean => rule === 'is above' || rule === 'is below' || isRange(rule);

/** The rule as the API takes it. */
export function ruleOf(form: Readonly<AlertForm>): Record<string, unknown> {
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
export const delayOf = ({ source, delay }: Readonly<AlertForm>): number => (source === 'run' ? 0 : Number(delay));

/** What is missing or wrong, in words; undefined = it can be asked for. */
export function alertProblem(form: Readonly<AlertForm>): string | undefined {
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  if (form.source === 'run') return undefined;
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
