import { readFileSync } from 'node:fs';
import { withControl } from '../control/connect.ts';
import { configError, errorText } from '../errors.ts';
import { print, type TargetOptions } from './target.ts';
import { amount } from './values.ts';

/** Which rule, over which run. */
export interface AlertTestOptions extends TargetOptions {
  /** JSON text of a rule, as `POST /api/alerts` has it in `alert`, or a file that holds it. */
  readonly rule: string;
  readonly run: string;
  /** In the unit of the rule's window; what comes before it, from the start of the run, is not looked at. */
  readonly delay?: string;
}

interface Answer {
  readonly rule: string;
  readonly changes: readonly {
    readonly time: string;
    readonly series: string;
    readonly state: string;
    readonly value: number | string | null;
    readonly points: number;
  }[];
  readonly evaluations: number;
  readonly points: number;
}

/** Prints when a rule would have fired over what the collector has of a run. */
export async function testAlert({ rule, run, delay, ...options }: AlertTestOptions): Promise<void> {
  const alert = readRule(rule);
  const source = 'pattern' in alert ? 'events' : 'status' in alert ? 'run' : 'metrics';
  const json = { run, source, alert, ...(delay === undefined ? {} : { delay: amount('--delay', delay) }) };
  const answer = await withControl(options, (control) =>
    control.json<Answer>({ method: 'POST', path: '/alerts/test', json }),
  );
  const lines = [answer.rule];
  for (const { time, series, state, value, points } of answer.changes) {
    lines.push(`${time}  ${state.padEnd(7)}  ${series === '' ? '' : `${series} = `}${value ?? ''} (${points} points)`);
  }
  const fired = answer.changes.filter(({ state }) => state === 'firing').length;
  const times = fired === 0 ? 'does not fire' : `fires ${fired === 1 ? 'once' : `${fired} times`}`;
  lines.push(`${times} in ${answer.evaluations} evaluations of ${answer.points} points`);
  print(options, answer, lines.join('\n'));
}

function readRule(text: string): Readonly<Record<string, unknown>> {
  try {
    const rule: unknown = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
    if (typeof rule === 'object' && rule !== null && !Array.isArray(rule)) return { ...rule };
  } catch (error) {
    throw configError('--rule', `is neither JSON nor a file of it: ${errorText(error)}`, RULE_FIX, error);
  }
  throw configError('--rule', 'is not a JSON object', RULE_FIX);
}

const RULE_FIX =
  'Give for example --rule \'{"rule":"is above","metric":"loss","threshold":1,"window":2,"frequency":1}\'';
