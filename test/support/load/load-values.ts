/** Integer mix of a series and a step: the noise of values and times, the same for who writes and who checks. */
export function noise(seriesIndex: number, step: number): number {
  let hash = Math.imul(step + 1, 0x9e3779b1) ^ Math.imul(seriesIndex + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/**
 * Value of a point. Four kinds take turns by metric, as in real runs: a noisy sine (full entropy), a walk with three decimals,
 * an integer, a constant.
 */
export function loadValue(seriesIndex: number, metricIndex: number, step: number): number {
  switch (metricIndex & 3) {
    case 0:
      return Math.sin(step / 100 + metricIndex) + (noise(seriesIndex, step) & 0xffff) / 655_360;
    case 1:
      return (step * 128 + (noise(seriesIndex, step) & 0xff)) / 1000;
    case 2:
      return step;
    default:
      return 0.001;
  }
}

/** Nanoseconds between the start of the load and the point: evenly, with up to 0.1 ms of jitter. */
export function loadTimeNanoseconds(seriesIndex: number, step: number, stepMicros: number): number {
  return step * stepMicros * 1_000 + (noise(seriesIndex, step) % 100_000);
}

/** 22-character run id of the load's n-th run. */
export function loadRunId(prefix: string, runIndex: number): string {
  return `${prefix}run${String(runIndex).padStart(5, '0')}${'A'.repeat(22)}`.slice(0, 22);
}

/** Name of the load's n-th metric. */
export const loadMetricName = (metricIndex: number): string => `metric.${metricIndex}`;
