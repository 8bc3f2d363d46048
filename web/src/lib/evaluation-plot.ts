import type { EvaluationView } from '../../../collector/api/contract/alert.ts';
import { parseTimestamp } from './time.ts';

/** One evaluation on the plot; without a value it stands on the floor. */
export interface EvaluationMark {
  readonly x: number;
  readonly y: number;
  readonly verdict: EvaluationView['verdict'];
  readonly evaluation: EvaluationView;
}
export interface EvaluationPlot {
  readonly marks: readonly EvaluationMark[];
  /** Heights of the limits of the rule. */
  readonly limits: readonly { readonly y: number; readonly value: number }[];
  readonly low: number;
  readonly high: number;
}

const AIR = 0.08;

/** Places evaluations (in any order) and the limits of their rule in a box of this size, pixels from its top left corner. */
export function placeEvaluations(
  evaluations: readonly EvaluationView[],
  limits: readonly number[],
  width: number,
  height: number,
): EvaluationPlot {
  const times = evaluations.map(({ time }) => parseTimestamp(time));
  const first = Math.min(...times);
  const span = Math.max(...times) - first || 1;
  const values = evaluations.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const all = [...values, ...limits];
  const least = all.length ? Math.min(...all) : 0;
  const most = all.length ? Math.max(...all) : 1;
  const air = (most - least || Math.abs(most) || 1) * AIR;
  const [low, high] = [least - air, most + air];
  const yOf = (value: number) => height * (1 - (value - low) / (high - low));
  const marks = evaluations.map((evaluation, index) => ({
    x: ((times[index] ?? first) - first) * (width / span),
    y: typeof evaluation.value === 'number' ? yOf(evaluation.value) : height,
    verdict: evaluation.verdict,
    evaluation,
  }));
  return { marks, limits: limits.map((value) => ({ y: yOf(value), value })), low, high };
}

const VERDICTS: Record<EvaluationView['verdict'], string> = {
  firing: 'it fires',
  ok: 'it does not fire',
  'no data': 'there is nothing to judge by',
  'warming up': 'the run is younger than the window',
};

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
