import { PointBatch } from '../../collector/alert/point-batch.ts';

/** Points of one series: time (nanoseconds since the start of the run), value, identity. */
export function pointBatch(
  ...points: readonly (readonly [time: number, value: number, identity: number])[]
): PointBatch {
  const batch = new PointBatch(points.length);
  for (const point of points) batch.add(...point);
  return batch;
}
