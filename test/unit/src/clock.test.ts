import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../src/clock.ts';

const MILLI = 1_000_000n;
const SECOND = 1000n * MILLI;
const START_WALL_MILLIS = 1_790_000_000_000;
const START = BigInt(START_WALL_MILLIS) * MILLI;

/** A machine whose monotonic and wall time a test moves. */
function fakeMachine() {
  const machine = { monotonic: 5n * SECOND, wallMillis: START_WALL_MILLIS };
  const clock = new Clock({ monotonicNanos: () => machine.monotonic, wallMillis: () => machine.wallMillis });
  const advance = (nanos: bigint, wallMillis = Number(nanos / MILLI)) => {
    machine.monotonic += nanos;
    machine.wallMillis += wallMillis;
  };
  return { clock, advance, wallNanos: () => BigInt(machine.wallMillis) * MILLI };
}

describe('the clock', () => {
  test('starts at wall time and counts nanoseconds of monotonic time', () => {
    const { clock, advance } = fakeMachine();
    expect(clock.now()).toBe(START);
    advance(123n, 0);
    expect(clock.now()).toBe(START + 123n);
  });

  test('two readings without any time between them differ by a nanosecond', () => {
    const { clock } = fakeMachine();
    expect([clock.now(), clock.now(), clock.now()]).toEqual([START, START + 1n, START + 2n]);
  });

  test('wall time that is 100 ms ahead is reached smoothly within the next 10 s', () => {
    const { clock, advance, wallNanos } = fakeMachine();
    advance(10n * SECOND, 10_100);
    expect(clock.now()).toBe(START + 10n * SECOND);
    advance(5n * SECOND);
    expect(clock.now()).toBe(START + 15n * SECOND + 50n * MILLI);
    advance(5n * SECOND);
    expect(clock.now()).toBe(wallNanos());
  });

  test('wall time that was set back an hour slows the clock to half its speed, and never back', () => {
    const { clock, advance } = fakeMachine();
    advance(10n * SECOND, 10_000 - 3_600_000);
    const before = clock.now();
    advance(4n * SECOND);
    expect(clock.now() - before).toBe(2n * SECOND);
  });

  test('after the machine slept for an hour the clock is right at once', () => {
    const { clock, advance, wallNanos } = fakeMachine();
    advance(10n * SECOND, 3_600_000);
    expect(clock.now()).toBe(wallNanos());
  });

  test('law: whatever the machine does, each reading is later than the one before', () => {
    const moves = fc.array(
      fc.tuple(fc.bigInt({ min: 0n, max: 30n * SECOND }), fc.integer({ min: -100_000, max: 100_000 })),
      { maxLength: 50 },
    );
    fc.assert(
      fc.property(moves, (steps) => {
        const { clock, advance } = fakeMachine();
        let last = clock.now();
        for (const [nanos, wallMillis] of steps) {
          advance(nanos, wallMillis);
          const now = clock.now();
          expect(now).toBeGreaterThan(last);
          last = now;
        }
      }),
    );
  });
});
