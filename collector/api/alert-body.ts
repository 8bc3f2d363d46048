import { Value } from 'typebox/value';
import { ruleProblem } from '../pipeline/alert-rule.ts';
import type { AlertDefinition, AlertRow, AlertRule } from '../store/alert-store.ts';
import { type AlertChangeBody, type NewAlertBody, RULE_SCHEMAS } from './contract/alert.ts';
import { InvalidBody } from './problem.ts';
import { isTrue } from './query-value.ts';

/** A new alert as its body says it. @throws InvalidBody that names the field. */
export function newAlert(body: NewAlertBody): AlertDefinition {
  return {
    name: body.name,
    source: body.source,
    rule: readRule(body.source, body.alert),
    description: body.description ?? null,
    notification: body.notification ?? 'none',
    enabled: readFlag(body.enabled) ?? true,
    abort: body.abort ?? false,
    auto: body.auto ?? false,
    runTags: body.run_tags ?? [],
    delay: body.delay ?? 0,
  };
}

/** What an alert is after a change; of its rule only the fields that are given change, and those go that its new kind does not have. @throws InvalidBody */
export function changedAlert(row: AlertRow, body: AlertChangeBody): AlertDefinition {
  const source = body.source ?? row.source;
  const { alert } = body;
  const rule = alert === undefined || alert === null ? row.rule : { ...keptOf(row, source, alert), ...alert };
  return {
    name: body.name ?? row.name,
    source,
    rule: readRule(source, rule),
    description: body.description === undefined ? row.description : body.description,
    notification: body.notification ?? row.notification,
    enabled: readFlag(body.enabled) ?? row.enabled,
    abort: body.abort ?? row.abort,
    auto: body.auto ?? row.auto,
    runTags: body.run_tags ?? row.runTags,
    delay: body.delay ?? row.delay,
  };
}

function keptOf(row: AlertRow, source: AlertDefinition['source'], given: Record<string, unknown>): AlertRule {
  if (source === 'user' || source !== row.source) return null;
  const { properties } = RULE_SCHEMAS[kindOf(source, { ...row.rule, ...given })];
  return Object.fromEntries(Object.entries(row.rule ?? {}).filter(([field]) => field in properties));
}

function readFlag(flag: boolean | string | undefined): boolean | undefined {
  return typeof flag === 'string' ? isTrue(flag) : flag;
}

/** The rule, when it fits the source, and its numbers each other. @throws InvalidBody that names the field. */
export function readRule(
  source: AlertDefinition['source'],
  rule: AlertRule | Record<string, unknown> | undefined,
): AlertRule {
  if (source === 'user') {
    if (rule === undefined || rule === null) return null;
    throw new InvalidBody(['alert'], 'a user alert has no rule: its status is told. Leave alert out');
  }
  if (rule === undefined || rule === null)
    throw new InvalidBody(['alert'], `an alert on ${source} needs a rule in alert`);
  const kind = kindOf(source, rule);
  const failure = Value.Errors(RULE_SCHEMAS[kind], rule).find(({ keyword }) => keyword !== 'boolean');
  if (failure !== undefined) throw invalidRule(failure);
  const read = rule as NonNullable<AlertRule>;
  const problem = ruleProblem({ source, rule: read });
  if (problem !== undefined) throw new InvalidBody(['alert', problem.field], problem.reason);
  return kind === 'threshold' || kind === 'range' ? { aggregation: 'average', ...read } : read;
}

const KINDS: ReadonlyMap<unknown, keyof typeof RULE_SCHEMAS> = new Map([
  ['is above', 'threshold'],
  ['is below', 'threshold'],
  ['is inside range', 'range'],
  ['is outside range', 'range'],
  ['has no data', 'presence'],
  ['is not finite', 'presence'],
]);

function kindOf(source: 'metrics' | 'events' | 'run', rule: object): keyof typeof RULE_SCHEMAS {
  if (source !== 'metrics') return source;
  const kind = 'rule' in rule ? KINDS.get(rule.rule) : undefined;
  return kind ?? ('range_low' in rule || 'range_high' in rule ? 'range' : 'threshold');
}

function invalidRule(failure: ReturnType<typeof Value.Errors>[number]): InvalidBody {
  const params = failure.params as {
    requiredProperties?: readonly string[];
    additionalProperties?: readonly string[];
    allowedValues?: readonly unknown[];
  };
  const field = params.requiredProperties?.[0] ?? params.additionalProperties?.[0];
  const path = failure.instancePath.split('/').slice(1);
  const allowed = params.allowedValues === undefined ? '' : `: ${params.allowedValues.join(', ')}`;
  return new InvalidBody(['alert', ...path, ...(field === undefined ? [] : [field])], `${failure.message}${allowed}`);
}
