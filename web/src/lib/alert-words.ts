import type { AlertView } from '../../../collector/api/contract/alert.ts';
import { formatNumber } from './numbers.ts';

type Field = string | number | boolean | undefined;
const number = (value: Field) => formatNumber(Number(value));
type Unit = AlertView['unit'];
const span = (value: Field, unit: Unit) => `${Number(value)} ${unit === 'minutes' ? 'min' : 's'}`;

/** A piece of a rule in words; `code` is what a program wrote: a metric, a pattern, a limit. */
export type RulePiece = string | { readonly code: string };
type Rule = Pick<AlertView, 'source' | 'alert' | 'unit' | 'delay'>;

/** The rule of an alert as a sentence without its end, such as `residuals.p is above 0.01, average over 2 min, each 1 min`. */
export const ruleInWords = (rule: Rule): string =>
  rulePieces(rule)
    .map((piece) => (typeof piece === 'string' ? piece : piece.code))
    .join('');

/** The same in pieces. */
export function rulePieces({ source, alert, unit, delay }: Rule): readonly RulePiece[] {
  if (source === 'user' || alert === null) return ['the program says so'];
  if (source === 'run') return [`the run is ${alert['status']}`];
  const late = delay > 0 ? `, from ${span(delay, unit)} on` : '';
  const each = `each ${span(alert['frequency'], unit)}${late}`;
  if (source === 'events') {
    const verb = alert['pattern_type'] === 'regex' ? 'matches' : 'contains';
    return [`a message ${verb} “`, { code: String(alert['pattern']) }, `”, ${each}`];
  }
  const subject = [{ code: String(alert['metric']) }, ` ${alert['rule']} `];
  const window = `over ${span(alert['window'], unit)}, ${each}`;
  const [limit] = limitsOf({ alert });
  if (limit === undefined) return [...subject, window];
  const range = alert['range_low'] !== undefined;
  const limits = range ? `${number(alert['range_low'])} to ${number(alert['range_high'])}` : number(limit);
  return [...subject, { code: limits }, `, ${alert['aggregation'] ?? 'average'} ${window}`];
}

/** The one or two values that a rule compares with. */
export function limitsOf({ alert }: Pick<AlertView, 'alert'>): number[] {
  const limits = [alert?.['threshold'], alert?.['range_low'], alert?.['range_high']];
  return limits.flatMap((limit) => (typeof limit === 'number' ? [limit] : []));
}

const OTHER_SCALE: readonly Field[] = ['sum', 'rate of change', 'spread'];

/** True when a rule's values of a window are no values of the metric: its line and its limits have scales of their own then. */
export const hasOwnScale = ({ alert }: Pick<AlertView, 'alert'>): boolean =>
  OTHER_SCALE.includes(alert?.['aggregation']);

/** What else an alert does when it fires. */
export function consequencesInWords({ notification, abort }: Pick<AlertView, 'notification' | 'abort'>): string {
  const parts = [
    ...(notification === 'none' ? [] : [`tells ${notification.replaceAll(',', ', ')}`]),
    ...(abort ? ['aborts the run'] : []),
  ];
  return parts.join(', ') || 'shows it here';
}
