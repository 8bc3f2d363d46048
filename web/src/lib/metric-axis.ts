import type { PlotBuckets, PlotPoints } from '../../../collector/api/contract/telemetry.ts';
import { type PlotLine, toPlotLine } from './plot-line.ts';

type Answer = PlotPoints | PlotBuckets;
/** Points asked for where two metrics are brought together: as a rule all of them. */
export const JOINED_POINTS = 10_000;

/**
 * A series over the values of another one, both asked for over steps.
 *
 * Exact points meet at the same step. Where one side came in buckets, the other's value is taken from the line between its neighbours.
 */
export function overMetric(across: Answer, up: Answer): PlotLine {
  const place = placeOf(across, up);
  const line = toPlotLine(up);
  const points = line.x.flatMap((step, index) => {
    const x = place(step);
    const y = line.y[index];
    return x === undefined || y === null || y === undefined ? [] : [{ x, y, step }];
  });
  const turns = (sign: number) => points.some(({ x }, index) => sign * (x - (points[index - 1]?.x ?? x)) < 0);
  const dots = turns(1) && turns(-1);
  points.sort((a, b) => a.x - b.x || a.step - b.step);
  const marks = line.marks.flatMap((mark) => {
    const x = place(mark.x);
    return x === undefined ? [] : [{ ...mark, x }];
  });
  return {
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    dots,
    marks: marks.sort((a, b) => a.x - b.x),
    gaps: [],
    total: line.perPosition === 1 ? points.length : line.total,
    perPosition: Math.max(shareOf(up), shareOf(across)),
  };
}

/** Points that a drawn one is the mean of, at the most or nearly so; 1 = it is exact. */
const shareOf = (answer: Answer): number =>
  answer.kind === 'points' ? 1 : Math.ceil(answer.total / Math.max(1, answer.count.length));

function placeOf(across: Answer, up: Answer): (step: number) => number | undefined {
  const line = toPlotLine(across);
  if (across.kind === 'points' && up.kind === 'points') {
    const byStep = new Map(line.x.map((step, index) => [step, line.y[index] ?? undefined]));
    return (step) => byStep.get(step);
  }
  return (step) => between(line, step);
}

/** Value of a line at `x`, straight between its neighbours; undefined off its ends and in gaps. */
function between({ x, y }: PlotLine, at: number): number | undefined {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const [after, before] = [x[low], x[low - 1]];
  const [valueAfter, valueBefore] = [y[low], y[low - 1]];
  if (after === at) return valueAfter ?? undefined;
  if (after === undefined || before === undefined || typeof valueAfter !== 'number') return undefined;
  if (typeof valueBefore !== 'number') return undefined;
  return valueBefore + ((valueAfter - valueBefore) * (at - before)) / (after - before);
}
