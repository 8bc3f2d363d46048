import type { Evaluation } from '../alert/evaluation.ts';
import type { RuleDefinition } from './alert-rule.ts';

const MAX_EVENT_CHARACTERS = 500;
const DIGITS = 6;
const BEYOND: Readonly<Record<string, string>> = {
  'is above': 'are above the threshold',
  'is below': 'are below the threshold',
  'is inside range': 'are inside the range',
  'is outside range': 'are outside the range',
};

/** What an evaluation found, in words; null of alerts whose status is told or is that of the run. */
export function foundText(
  { source, rule }: Pick<RuleDefinition, 'source' | 'rule'>,
  { value, points, nonFinite, state, text }: Pick<Evaluation, 'value' | 'points' | 'nonFinite' | 'state' | 'text'>,
): string | null {
  if (rule === null || source === 'user' || source === 'run') return null;
  if (source === 'events') return state === 'firing' ? `the event ${quoted(text ?? '')}` : 'no further event that fits';
  if (rule['rule'] === 'is not finite') return state === 'firing' ? 'NaN or infinity' : 'finite values only';
  if (rule['rule'] === 'has no data') return points === 0 ? 'no point' : counted(points, 'point');
  const leftOut = nonFinite === 0 ? '' : `, ${nonFinite} of them not finite`;
  const of = `${counted(points, 'point')}${leftOut}`;
  if (value === undefined) return points === 0 ? 'no point' : `nothing that can be judged in ${of}`;
  const aggregation = rule['aggregation'] ?? 'average';
  if (aggregation === 'at least one' || aggregation === 'all')
    return `${Number((value * 100).toPrecision(3))} % of ${of} ${BEYOND[String(rule['rule'])]}`;
  const unit = aggregation === 'rate of change' ? ' per minute' : '';
  return `${Number(value.toPrecision(DIGITS))}${unit} (${aggregation} of ${of})`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function quoted(text: string): string {
  const cut = text.length > MAX_EVENT_CHARACTERS ? `${text.slice(0, MAX_EVENT_CHARACTERS)}…` : text;
  return JSON.stringify(cut);
}
