import type { PointBatch } from '../../collector/alert/point-batch.ts';

/** Points of one series: time (nanoseconds since the start of the run), value, identity. */
export function pointBatch(
  ...points: readonly (readonly [time: number, value: number, identity: number])[]
): PointBatch {
  const part = (index: number, column: 0 | 1 | 2): number => points[index]?.[column] ?? Number.NaN;
  return {
    count: points.length,
    isOrdered: points.every(([time], index) => index === 0 || time > part(index - 1, 0)),
    timeNano: (index) => part(index, 0),
    value: (index) => part(index, 1),
    identity: (index) => part(index, 2),
  };
}
