import type { AlertMessage } from '../pipeline/alert-message.ts';

/** A message with what is known only when it is sent. */
export interface Delivery extends AlertMessage {
  /** Page of the run. */
  readonly url: string;
  /** Last values that were evaluated, drawn in text; empty when there are none. */
  readonly sparkline: string;
}

/** A way to reach people or programs. */
export interface Channel {
  readonly name: string;
  /** Most messages in one call. */
  readonly groupSize: number;
  /** What still fires is told again after this time; undefined = once is enough. */
  readonly repeatMilliseconds?: number;
  /** What is wrong although the last messages were taken; undefined = nothing. */
  readonly complaint?: string | undefined;
  /**
   * Resolves when the other side has taken all of them.
   *
   * @throws Error with the reason: they are sent again later.
   */
  send(deliveries: readonly Delivery[]): Promise<void>;
  close(): Promise<void>;
}

/** One line that says what has happened. */
export function headline({ state, run, alert }: Delivery): string {
  if (alert === undefined) return `run ${run.name} is ${state}`;
  const series = alert.series === '' ? '' : ` on ${alert.series}`;
  if (state === 'resolved') return `${alert.name}${series} is over in run ${run.name}`;
  if (state === 'no data') return `${alert.name}${series} has no data any more in run ${run.name}`;
  return `${alert.name}${series} fires in run ${run.name}`;
}

/** The rest of what a person wants to know, a line each. */
export function details({ run, alert, time, sparkline, url }: Delivery): string[] {
  const lines = [`Run: ${run.name} (${run.folder}, ${run.status})`, `Time: ${time.replace('T', ' ')} UTC`];
  if (alert !== undefined) {
    lines.push(`Rule: ${alert.rule}`);
    if (alert.note !== undefined) lines.push(`Why: ${alert.note}`);
    if (alert.value !== null)
      lines.push(`Value: ${alert.value} (${alert.points} points since ${alert.from.replace('T', ' ')})`);
    if (alert.description !== null) lines.push(alert.description);
  }
  if (sparkline !== '') lines.push(sparkline);
  return [...lines, url];
}
