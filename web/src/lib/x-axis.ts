import { shownZone } from './zone.ts';

/** Axes that every point has a place on: its step, seconds since the start of its run, seconds since the epoch. */
export type OwnAxis = 'step' | 'time' | 'timestamp';
/** Any of them, or the value that a metric had at the same step. */
export type XAxis = OwnAxis | `metric.${string}`;
const OWN_AXES = ['step', 'time', 'timestamp'] as const;

/** The metric on an axis; undefined = the axis is a point's own. */
export const metricOnAxis = (axis: XAxis): string | undefined =>
  axis.startsWith('metric.') ? axis.slice('metric.'.length) : undefined;

/** The axis that a link names. */
export function parseAxis(text: string | null): XAxis | undefined {
  if (text !== null && /^metric\../s.test(text)) return text as XAxis;
  return OWN_AXES.find((axis) => axis === text);
}

/** The axes of a point's own, to choose from. */
export const axisChoices = (): { readonly value: OwnAxis; readonly label: string }[] => [
  { value: 'step', label: 'Step' },
  { value: 'time', label: 'Time' },
  { value: 'timestamp', label: `Wall, ${shownZone().word}` },
];
