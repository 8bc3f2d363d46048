import type { StepSpan } from '../store/telemetry-store.ts';

/** How fast a run's steps come, and when the last one is expected. */
export interface StepRate {
  /** Undefined while no two points are apart in time and step. */
  readonly stepsPerSecond: number | undefined;
  /** Nanoseconds since the epoch; undefined without a rate, when all steps are made, and when they take longer than anybody waits. */
  readonly endUnixNano: bigint | undefined;
}

/** An end that is further away says nothing. */
const MAX_REMAINING_SECONDS = 100 * 365 * 86_400;

/** Goes on at the mean rate of the stretch that was measured. */
export function stepRate(span: StepSpan, totalSteps: number): StepRate {
  const { firstStep, firstTimeUnixNano, lastStep, lastTimeUnixNano } = span;
  const seconds = Number(lastTimeUnixNano - firstTimeUnixNano) / 1e9;
  if (seconds <= 0 || lastStep <= firstStep) return { stepsPerSecond: undefined, endUnixNano: undefined };
  const stepsPerSecond = (lastStep - firstStep) / seconds;
  const remainingSeconds = (totalSteps - lastStep) / stepsPerSecond;
  const isKnown = remainingSeconds > 0 && remainingSeconds <= MAX_REMAINING_SECONDS;
  return {
    stepsPerSecond,
    endUnixNano: isKnown ? lastTimeUnixNano + BigInt(Math.round(remainingSeconds * 1e9)) : undefined,
  };
}
