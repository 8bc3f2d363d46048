import type { AlertView, RunAlertView } from '../../../collector/api/contract/alert.ts';
import type { RunView } from '../../../collector/api/contract/run.ts';
import { alertState } from './alert-state.ts';
import { hasOwnScale, limitsOf } from './alert-words.ts';
import { spreadLabels } from './gutter.ts';
import { fitsPattern } from './name-pattern.ts';
import { formatNumber } from './numbers.ts';
import type { Card } from './series.ts';

/** Values at which an alert fires, as a card draws them; an end without a limit is infinite. */
export interface Threshold {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly firing: boolean;
}

/** An alert as a card shows it. */
export interface CardAlert extends RunAlertView {
  /** Where it fires, of several runs; absent = in the run of the card. */
  readonly runId?: string;
}

/** Alerts that watch a line of a card. */
export const alertsOn = (card: Card, alerts: readonly CardAlert[]): CardAlert[] =>
  alerts.filter(({ alert }) => alert.enabled && linesOf(card, alert).length > 0);

/** Alerts of some runs, each once: as it is in a run where it fires, if there is one. */
export function alertsOfRuns(runs: readonly Pick<RunView, 'id' | 'alerts'>[]): CardAlert[] {
  const found = new Map<string, CardAlert>();
  for (const { id, alerts } of runs) {
    for (const entry of alerts) {
      const former = found.get(entry.alert.id);
      const isFiring = alertState(entry) === 'firing';
      if (!former || (isFiring && alertState(former) !== 'firing')) found.set(entry.alert.id, { ...entry, runId: id });
    }
  }
  return [...found.values()];
}

function linesOf({ lines }: Card, { source, alert }: Pick<AlertView, 'source' | 'alert'>) {
  const metric = alert?.['metric'];
  if (source !== 'metrics' || typeof metric !== 'string') return [];
  return lines.filter(({ series }) => fitsPattern(metric, series.name) || fitsPattern(metric, series.metric));
}

/** Thresholds of alerts on a card, alike ones once; of rules that compare values of the metric. */
export function thresholdsOf(card: Card, alerts: readonly RunAlertView[]): Threshold[] {
  const found = new Map<string, Threshold>();
  for (const entry of alerts) {
    if (hasOwnScale(entry.alert)) continue;
    const [line, ...others] = linesOf(card, entry.alert);
    const name = card.lines.length > 1 && line && others.length === 0 ? `${line.label} ` : '';
    const isFiring = alertState(entry) === 'firing';
    for (const { words, ...zone } of zonesOf(entry.alert)) {
      const label = name + words;
      found.set(label, { ...zone, label, firing: isFiring || found.get(label)?.firing === true });
    }
  }
  return [...found.values()];
}

function zonesOf({ alert }: Pick<AlertView, 'alert'>): { from: number; to: number; words: string }[] {
  const [low, high = low] = limitsOf({ alert });
  if (low === undefined || high === undefined) return [];
  const above = { from: high, to: Number.POSITIVE_INFINITY, words: `above ${formatNumber(high)}` };
  const below = { from: Number.NEGATIVE_INFINITY, to: low, words: `below ${formatNumber(low)}` };
  switch (alert?.['rule']) {
    case 'is above':
      return [above];
    case 'is below':
      return [below];
    case 'is inside range':
      return [{ from: low, to: high, words: `${formatNumber(low)} to ${formatNumber(high)}` }];
    default:
      return [above, below];
  }
}

/** A threshold in a plot: pixels from the top. */
export interface PlacedThreshold {
  readonly label: string;
  /** CSS pixels; one that fires is thicker. */
  readonly lineWidth: number;
  /** Where it fires, as far as it is in view. */
  readonly zone: readonly [top: number, bottom: number];
  /** Of its ends that are in view. */
  readonly lines: readonly number[];
  /** Middle of the label. */
  readonly labelY: number;
}

/**
 * Places thresholds between the ends of a y axis; the label of one beyond them stands at the edge, with an arrow.
 *
 * @param row - height of a label.
 */
export function placeThresholds(
  thresholds: readonly Threshold[],
  [low, high]: readonly [number, number],
  { top, bottom, row }: { readonly top: number; readonly bottom: number; readonly row: number },
  yAt: (value: number) => number,
): PlacedThreshold[] {
  const placeOf = (value: number) => (value <= low ? bottom : value >= high ? top : yAt(value));
  const isInView = (value: number) => value > low && value < high;
  const wanted = thresholds.map(({ from, to }) =>
    isInView(from) || (Number.isFinite(from) && !isInView(to)) ? placeOf(from) - row / 2 : placeOf(to) + row / 2,
  );
  const labels = spreadLabels(wanted, row, top + row / 2, bottom - row / 2);
  return thresholds.map(({ from, to, label, firing }, index) => {
    const limits = [from, to].filter(Number.isFinite);
    const arrow = limits.every((value) => value >= high) ? '↑ ' : limits.every((value) => value <= low) ? '↓ ' : '';
    return {
      ...{ label: arrow + label, lineWidth: firing ? 1.75 : 1, labelY: labels[index] ?? top },
      zone: [placeOf(to), placeOf(from)],
      lines: limits.filter(isInView).map(yAt),
    };
  });
}
