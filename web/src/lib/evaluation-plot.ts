import type { EvaluationView } from '../../../collector/api/contract/alert.ts';
import { plural } from './numbers.ts';
import type { PlotLine } from './plot-line.ts';
import { yTicks } from './ticks.ts';
import { formatClock, parseTimestamp } from './time.ts';

/** One evaluation on the plot; without a value it stands on the floor. */
export interface EvaluationMark {
  readonly x: number;
  readonly y: number;
  readonly verdict: EvaluationView['verdict'];
  readonly evaluation: EvaluationView;
}
/** A line of the metric in the same box: SVG paths of the line, and of the band between the extremes of buckets. */
export interface MetricPath {
  readonly line: string;
  readonly band: string;
}
export interface EvaluationPlot {
  readonly marks: readonly EvaluationMark[];
  readonly paths: readonly MetricPath[];
  /** Heights of the limits of the rule. */
  readonly limits: readonly { readonly y: number; readonly value: number }[];
  readonly low: number;
  readonly high: number;
  /** Labels of the axis and their heights; none where a limit has its own. */
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
  /** What the lines span when they have a scale of their own. */
  readonly ownScale: readonly [low: number, high: number] | undefined;
  /** Pixels of a time in seconds since the epoch. */
  readonly xOf: (seconds: number) => number;
}

const AIR = 0.08;
const MOST_TICKS = 4;
/** Labels nearer to each other cannot be read. */
const LABEL_PIXELS = 12;
/** From this ratio on a linear axis would hide what is small. */
const LOG_RATIO = 1000;

/**
 * Places evaluations (in any order), the limits of their rule and lines of the metric in a box of this size, pixels from its top left corner.
 *
 * @param lines - over seconds since the epoch; on the scale of the values, or on one of their own. The axis is logarithmic when all values are above 0 and span three decades.
 */
export function placeEvaluations(
  evaluations: readonly EvaluationView[],
  limits: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
  lines: readonly PlotLine[] = [],
  hasOwnScale = false,
): EvaluationPlot {
  const times = evaluations.map(({ time }) => parseTimestamp(time));
  const first = Math.min(...evaluations.map(({ from }) => parseTimestamp(from)), ...times);
  const span = Math.max(...times) - first || 1;
  const xOf = (seconds: number) => ((seconds - first) * width) / span;
  const ofLines = lines.flatMap(extremesOf);
  const { yOf, low, high, log } = heights(
    [...valuesOf(evaluations), ...limits, ...(hasOwnScale ? [] : ofLines)],
    height,
  );
  const yOfLine = hasOwnScale ? heights(ofLines, height).yOf : yOf;
  const marks = evaluations.map((evaluation, index) => ({
    x: xOf(times[index] ?? first),
    y: typeof evaluation.value === 'number' ? yOf(evaluation.value) : height,
    verdict: evaluation.verdict,
    evaluation,
  }));
  const paths = lines.map(({ x, y, low: least = [], high: most = [] }) => {
    const upper = x.flatMap((at, index) => pointAt(xOf(at), most[index], yOfLine));
    const lower = x.flatMap((at, index) => pointAt(xOf(at), least[index], yOfLine)).reverse();
    return { line: pathOf(x.map(xOf), y, yOfLine), band: upper.length ? `M${[...upper, ...lower].join('L')}Z` : '' };
  });
  const ownScale =
    hasOwnScale && ofLines.length > 0
      ? ([ofLines.reduce((a, b) => Math.min(a, b)), ofLines.reduce((a, b) => Math.max(a, b))] as const)
      : undefined;
  const limitLines = limits.map((value) => ({ y: yOf(value), value }));
  const ticks = yTicks([low, high], log, MOST_TICKS)
    .map(({ at, label }) => ({ y: yOf(at), label }))
    .filter(({ y }) => limitLines.every((limit) => Math.abs(limit.y - y) > LABEL_PIXELS));
  return { marks, paths, limits: limitLines, low, high, ticks, ownScale, xOf };
}

const valuesOf = (evaluations: readonly EvaluationView[]): number[] =>
  evaluations.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
const extremesOf = ({ y, low = y, high = y }: PlotLine): number[] =>
  [...low, ...high].filter((value) => value !== null);

function heights(values: readonly number[], height: number) {
  const [least, most] = values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [values[0] ?? 0, values[0] ?? 1],
  );
  const isLog = least > 0 && most / least >= LOG_RATIO;
  const scale = isLog ? Math.log10 : (value: number) => value;
  const air = (scale(most) - scale(least) || Math.abs(most) || 1) * AIR;
  const [bottom, top] = [scale(least) - air, scale(most) + air];
  const yOf = (value: number) => height * (1 - (scale(value) - bottom) / (top - bottom));
  return { yOf, log: isLog, low: isLog ? 10 ** bottom : bottom, high: isLog ? 10 ** top : top };
}

const pointAt = (x: number, value: number | null | undefined, yOf: (value: number) => number): string[] =>
  value === null || value === undefined ? [] : [`${x.toFixed(1)} ${yOf(value).toFixed(1)}`];

function pathOf(xs: readonly number[], values: readonly (number | null)[], yOf: (value: number) => number): string {
  let path = '';
  let isDown = false;
  xs.forEach((x, index) => {
    const [point] = pointAt(x, values[index], yOf);
    if (point !== undefined) path += `${isDown ? 'L' : 'M'}${point}`;
    isDown = point !== undefined;
  });
  return path;
}

const VERDICTS: Record<EvaluationView['verdict'], string> = {
  firing: 'it fires',
  ok: 'it does not fire',
  'no data': 'there is nothing to judge by',
  'warming up': 'the run is younger than the window',
};

/** As {@link evaluationInWords}, of an alert on events; they are counted from the one that made it fire to the last one of them, where the window begins. */
export function matchesInWords({ points, verdict, from }: EvaluationView): string {
  if (verdict === 'firing') return 'this event matched: it fires';
  if (points === 0) return 'no event has matched: it does not fire';
  return `${plural(points, 'event')} matched, the last at ${formatClock(parseTimestamp(from))}: it fires no more`;
}

/** An evaluation in a sentence with its numbers. */
export function evaluationInWords(evaluation: EvaluationView, print: (value: number) => string): string {
  const { value, points, share, late, non_finite, verdict } = evaluation;
  const parts = [
    `window ${Math.round(share * 100)} %`,
    `${points} ${points === 1 ? 'point' : 'points'}`,
    ...(value === null ? [] : [`value ${typeof value === 'number' ? print(value) : value}`]),
    ...(non_finite > 0 ? [`${non_finite} not finite`] : []),
    ...(late > 0 ? [`${late} came late`] : []),
  ];
  return `${parts.join(', ')}: ${VERDICTS[verdict]}`;
}
