import { NANOS_PER_MILLISECOND, NANOS_PER_SECOND } from './time.ts';

const ANCHOR_INTERVAL_NANOS = 10n * NANOS_PER_SECOND;
/** Wall time is read in milliseconds: a difference below two of them is noise. */
const NOISE_NANOS = 2n * NANOS_PER_MILLISECOND;
const JUMP_NANOS = NANOS_PER_SECOND;
/** While wall time is behind, our clock runs at half its speed at the slowest. */
const MAX_SLEW_NANOS = ANCHOR_INTERVAL_NANOS / 2n;

/** Where time comes from; tests give their own. */
export interface TimeSource {
  monotonicNanos(): bigint;
  wallMillis(): number;
}

const SYSTEM: TimeSource = { monotonicNanos: () => process.hrtime.bigint(), wallMillis: () => Date.now() };

/**
 * Wall time in nanoseconds that never goes back and never repeats.
 *
 * Every 10 s it is compared with the system's wall time. A difference is worked off over the next 10 s; only a forward
 * jump of more than a second (the machine slept) is taken at once.
 */
export class Clock {
  readonly #source: TimeSource;
  #anchorMonotonic: bigint;
  #anchorWall: bigint;
  /** Nanoseconds to work off during the current interval; negative = our time is ahead. */
  #slew = 0n;
  #last = 0n;

  constructor(source: TimeSource = SYSTEM) {
    this.#source = source;
    this.#anchorMonotonic = source.monotonicNanos();
    this.#anchorWall = BigInt(source.wallMillis()) * NANOS_PER_MILLISECOND;
  }

  /** Nanoseconds since the epoch, greater than any value returned before. */
  now(): bigint {
    const elapsed = this.#source.monotonicNanos() - this.#anchorMonotonic;
    const time = elapsed >= ANCHOR_INTERVAL_NANOS ? this.#reanchor(elapsed) : this.#at(elapsed);
    this.#last = time > this.#last ? time : this.#last + 1n;
    return this.#last;
  }

  #at(elapsed: bigint): bigint {
    const worked = elapsed < ANCHOR_INTERVAL_NANOS ? elapsed : ANCHOR_INTERVAL_NANOS;
    const correction = this.#slew === 0n ? 0n : (this.#slew * worked) / ANCHOR_INTERVAL_NANOS;
    return this.#anchorWall + elapsed + correction;
  }

  #reanchor(elapsed: bigint): bigint {
    const time = this.#at(elapsed);
    const wall = BigInt(this.#source.wallMillis()) * NANOS_PER_MILLISECOND;
    const behind = wall - time;
    const jump = behind > JUMP_NANOS;
    this.#anchorMonotonic += elapsed;
    this.#anchorWall = jump ? wall : time;
    const noise = behind < NOISE_NANOS && behind > -NOISE_NANOS;
    this.#slew = jump || noise ? 0n : behind < -MAX_SLEW_NANOS ? -MAX_SLEW_NANOS : behind;
    return this.#anchorWall;
  }
}
