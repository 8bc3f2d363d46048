import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepRate } from '../../../../collector/pipeline/step-rate.ts';
import type { StepSpan } from '../../../../collector/store/telemetry-store.ts';

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
const span = (firstStep: number, lastStep: number, nanoseconds: bigint): StepSpan => ({
  firstStep,
  firstTimeUnixNano: HOUR,
  lastStep,
  lastTimeUnixNano: HOUR + nanoseconds,
});
const going = fc.record({
  first: fc.nat({ max: 1_000_000 }),
  made: fc.integer({ min: 1, max: 1_000_000 }),
  left: fc.integer({ min: 1, max: 1_000_000 }),
  seconds: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('the rate of steps', () => {
  it('is what was made since the first point, wherever a resumed run began to count', () => {
    fc.assert(
      fc.property(going, ({ first, made, left, seconds }) => {
        const fresh = stepRate(span(0, made, BigInt(seconds) * SECOND), made + left);
        const resumed = stepRate(span(first, first + made, BigInt(seconds) * SECOND), first + made + left);
        expect(fresh.stepsPerSecond).toBeCloseTo(made / seconds, 9);
        expect(resumed).toEqual(fresh);
      }),
    );
  });

  it('leads to the last step: that many seconds at the rate after the last point', () => {
    fc.assert(
      fc.property(going, ({ first, made, left, seconds }) => {
        const { stepsPerSecond = 0, endUnixNano } = stepRate(
          span(first, first + made, BigInt(seconds) * SECOND),
          first + made + left,
        );
        const remaining = left / stepsPerSecond;
        if (remaining > 100 * 365 * 86_400) expect(endUnixNano).toBeUndefined();
        else expect(Number((endUnixNano ?? 0n) - HOUR) / 1e9 - seconds).toBeCloseTo(remaining, 2);
      }),
    );
  });

  it('is known from no single point, and from none at one step or one time', () => {
    const unknown = { stepsPerSecond: undefined, endUnixNano: undefined };
    for (const one of [span(5, 5, 0n), span(5, 5, SECOND), span(5, 6, 0n), span(6, 5, SECOND), span(5, 6, -SECOND)])
      expect(stepRate(one, 100)).toEqual(unknown);
  });

  it('promises no end once the last step is made, nor behind it', () => {
    for (const last of [100, 101, 5000]) {
      const { stepsPerSecond, endUnixNano } = stepRate(span(0, last, 100n * SECOND), 100);
      expect([stepsPerSecond, endUnixNano]).toEqual([last / 100, undefined]);
    }
  });
});
