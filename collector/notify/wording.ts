import type { Delivery } from './channel.ts';

/** Of a series, a name or a description in a line. */
const MAX_CHARACTERS = 1_000;
/** Kinds of messages that a summary names. */
const MAX_KINDS = 3;
const ENDS: Readonly<Record<string, string>> = {
  completed: 'is completed',
  failed: 'has failed',
  terminated: 'was terminated',
  lost: 'is lost: it gives no sign of life',
};

/** One line that says what has happened, and where. */
export function headline(delivery: Delivery): string {
  const { state, run, alert } = delivery;
  if (alert === undefined) return `run ${run.name} ${ENDS[state] ?? `is ${state}`}`;
  const found = state === 'firing' && alert.found !== null ? `: ${alert.found}` : '';
  return cut(`${whatHappened(delivery)} in run ${run.name}${found}`);
}

/** One line for several messages: `a fires in 97 runs, b is over in 3 runs`. */
export function summary(deliveries: readonly Delivery[]): string {
  const [first] = deliveries;
  if (first !== undefined && deliveries.length === 1) return headline(first);
  const kinds = new Map<string, Set<string>>();
  for (const one of deliveries) {
    const kind = one.alert === undefined ? `run ${one.state}` : whatHappened(one, false);
    kinds.set(kind, (kinds.get(kind) ?? new Set()).add(one.run.id));
  }
  const parts = [...kinds].sort(([, a], [, b]) => b.size - a.size);
  const named = parts
    .slice(0, MAX_KINDS)
    .map(([kind, runs]) => (runs.size === 1 ? `${kind} in 1 run` : `${kind} in ${runs.size} runs`));
  const others = parts.length - named.length;
  return cut(named.join(', ') + (others === 0 ? '' : ` and ${others} more`));
}

/** The rest of what a person wants to know, a line each; the address of the run comes last. */
export function details(delivery: Delivery): string[] {
  const { state, run, alert, time, sparkline, url } = delivery;
  const tags = run.tags.length === 0 ? '' : `, tags ${run.tags.join(', ')}`;
  const lines = [`Run: ${run.name} (${run.folder}, ${run.status}, of ${run.user}${tags})`];
  if (alert === undefined) {
    lines.push(`${state === 'lost' ? 'Last sign of life' : 'Ended'}: ${clock(time)} UTC`);
    if (state === 'lost')
      lines.push('Next: look whether its program and machine are alive; when it is heard again, the run goes on.');
  } else {
    lines.push(`Rule: ${alert.rule}`);
    if (alert.found !== null) lines.push(`Found: ${alert.found}`);
    lines.push(`When: ${alert.found === null ? '' : `${clock(alert.from)} to `}${clock(time)} UTC`);
    if (alert.note !== undefined) lines.push(`Why: ${alert.note}`);
    if (state === 'firing' && alert.abort) lines.push('The run was asked to stop.');
    if (alert.description !== null && alert.description !== '') lines.push(`Note: ${cut(alert.description)}`);
    if (state === 'no data')
      lines.push('Next: look whether the run still writes it; nothing more is told until there is a value.');
  }
  if (sparkline !== '') lines.push(`Last values: ${sparkline}`);
  return [...lines, url];
}

function whatHappened({ state, alert }: Delivery, hasSeries = true): string {
  const series = !hasSeries || alert === undefined || alert.series === '' ? '' : ` on ${alert.series}`;
  const verb = state === 'resolved' ? 'is over' : state === 'no data' ? 'fired and has no data any more' : 'fires';
  return `${alert?.name}${series} ${verb}`;
}

const clock = (time: string): string => time.replace('T', ' ').replace(/\.0+$/, '');

function cut(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
