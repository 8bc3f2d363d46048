import { errorText } from 'simvue-otel/errors';
import { compilePattern } from '../alert/event-pattern.ts';
import type { Aggregation, Bounds, Rule, Timing } from '../alert/rule.ts';
import { MAX_CELLS_IN_WINDOW } from '../alert/window-cells.ts';
import type { AlertDefinition, AlertRule } from '../store/alert-store.ts';

/** What `window` and `frequency` count. */
export type AlertUnit = 'minutes' | 'seconds';
const UNIT_NANO: Readonly<Record<AlertUnit, number>> = { minutes: 60e9, seconds: 1e9 };

/** What of a definition says when it fires. */
export type RuleDefinition = Pick<AlertDefinition, 'source' | 'rule' | 'delay'>;

/** What is wrong with a rule: the field, and why. */
export interface RuleProblem {
  readonly field: string;
  readonly reason: string;
}

/** The rule of a definition in the form that is evaluated; undefined = its status is told. */
export function readAlertRule({ source, rule, delay }: RuleDefinition, unit: AlertUnit): Rule | undefined {
  if (source === 'user' || rule === null) return undefined;
  if (source === 'run') return { kind: 'status', statuses: [rule['status'] as 'failed' | 'lost'] };
  const timing = readTiming(rule, delay, unit);
  if (source === 'events') {
    const patternType = rule['pattern_type'] === 'regex' ? 'regex' : 'substring';
    return { kind: 'events', pattern: String(rule['pattern']), patternType, ...timing };
  }
  const metric = String(rule['metric']);
  if (rule['rule'] === 'has no data') return { kind: 'no data', metric, ...timing };
  if (rule['rule'] === 'is not finite') return { kind: 'not finite', metric, ...timing };
  return {
    kind: 'window',
    metric,
    bounds: readBounds(rule),
    aggregation: (rule['aggregation'] ?? 'average') as Aggregation,
    evaluatesPartialWindow: rule['evaluate_partial_window'] === true,
    ...timing,
  };
}

/** What the schema of a rule does not say. */
export function ruleProblem({ source, rule }: Pick<AlertDefinition, 'source' | 'rule'>): RuleProblem | undefined {
  if (rule === null) return undefined;
  if (source === 'events' && rule['pattern_type'] === 'regex') {
    try {
      compilePattern({ pattern: String(rule['pattern']), patternType: 'regex' });
    } catch (error) {
      return { field: 'pattern', reason: `is not a regular expression that can be run: ${errorText(error)}` };
    }
  }
  const { range_low: low, range_high: high, window, frequency } = rule;
  if (typeof low === 'number' && typeof high === 'number' && low >= high) {
    return { field: 'range_low', reason: `range_low ${low} is not below range_high ${high}` };
  }
  if (Number(window) > Number(frequency) * MAX_CELLS_IN_WINDOW) {
    return {
      field: 'frequency',
      reason: `the window is more than ${MAX_CELLS_IN_WINDOW} times as long: evaluate less often`,
    };
  }
  return undefined;
}

/** The text by which a saved state is known to be of the same rule. @param revision - of the alert. */
export function judgedRuleText(rule: Rule | undefined, revision: number): string {
  return JSON.stringify([revision, rule]);
}

/** The rule in words. */
export function ruleText({ source, rule, delay }: RuleDefinition, unit: AlertUnit): string {
  if (source === 'user' || rule === null) return 'the status is told by the user';
  if (source === 'run') return `the run is ${rule['status']}`;
  const units = (count: unknown): string => `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
  const span = (field: string): string => units(rule[field]);
  const late = delay > 0 ? `, from ${units(delay)} after the start of the run on` : '';
  const every = `evaluated every ${span('frequency')}${late}`;
  if (source === 'events') {
    const matches = rule['pattern_type'] === 'regex' ? 'matches the regular expression' : 'contains';
    return `an event ${matches} ${JSON.stringify(rule['pattern'])}, looked at as it comes${late}`;
  }
  const metric = String(rule['metric']);
  const window = span('window');
  if (rule['rule'] === 'has no data') return `${metric} has no data for ${window}, ${every}`;
  if (rule['rule'] === 'is not finite') return `a value of ${metric} is not finite, looked at as it comes${late}`;
  const bounds = 'threshold' in rule ? `${rule['threshold']}` : `${rule['range_low']} to ${rule['range_high']}`;
  const aggregation = rule['aggregation'] ?? 'average';
  const subject =
    aggregation === 'at least one'
      ? 'at least one value'
      : aggregation === 'all'
        ? 'every value'
        : `the ${aggregation}`;
  return `${subject} of ${metric} over ${window} ${rule['rule']} ${bounds}, ${every}`;
}

function readTiming(rule: NonNullable<AlertRule>, delay: number, unit: AlertUnit): Timing {
  const frequency = Number(rule['frequency'] ?? rule['window']);
  const nano = (count: number): number => Math.max(1, Math.round(count * UNIT_NANO[unit]));
  const windowNano = nano(Number(rule['window'] ?? frequency));
  return { delayNano: Math.round(delay * UNIT_NANO[unit]), windowNano, frequencyNano: nano(frequency) };
}

function readBounds(rule: NonNullable<AlertRule>): Bounds {
  const test = rule['rule'] as Bounds['test'];
  return test === 'is above' || test === 'is below'
    ? { test, threshold: Number(rule['threshold']) }
    : { test, low: Number(rule['range_low']), high: Number(rule['range_high']) };
}
