import { hrtime } from 'node:process';
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

const SYSTEM: TimeSource = { monotonicNanos: () => hrtime.bigint(), wallMillis: () => Date.now() };

/**
 * Wall time in nanoseconds that never goes back and never repeats.
 *
 * Every 10 s it is compared with the system's wall time. A difference is worked off over the next 10 s; only a forward
 * jump of more than a second (the machine slept) is taken at once.
 */
export class Clock {
  readonly #source: TimeSource;
  /** Monotonic time at which the slew is worked off and wall time is read again. */
  #intervalEnd: bigint;
  /** What our time is ahead of monotonic time, without the slew. */
  #offset: bigint;
  /** Nanoseconds to work off during the current interval; negative = our time is ahead. */
  #slew = 0n;
  #last = 0n;

  constructor(source: TimeSource = SYSTEM) {
    this.#source = source;
    const monotonic = source.monotonicNanos();
    this.#intervalEnd = monotonic + ANCHOR_INTERVAL_NANOS;
    this.#offset = this.#wallNanos() - monotonic;
  }

  /** Nanoseconds since the epoch, greater than any value returned before. */
  now(): bigint {
    const monotonic = this.#source.monotonicNanos();
    if (monotonic >= this.#intervalEnd) this.#reanchor(monotonic);
    let time = monotonic + this.#offset;
    if (this.#slew !== 0n) time += this.#slew + (this.#slew * (monotonic - this.#intervalEnd)) / ANCHOR_INTERVAL_NANOS;
    this.#last = time > this.#last ? time : this.#last + 1n;
    return this.#last;
  }

  #reanchor(monotonic: bigint): void {
    this.#offset += this.#slew;
    const behind = this.#wallNanos() - (monotonic + this.#offset);
    const jump = behind > JUMP_NANOS;
    const noise = behind < NOISE_NANOS && behind > -NOISE_NANOS;
    if (jump) this.#offset += behind;
    this.#slew = jump || noise ? 0n : behind < -MAX_SLEW_NANOS ? -MAX_SLEW_NANOS : behind;
    this.#intervalEnd = monotonic + ANCHOR_INTERVAL_NANOS;
  }

  #wallNanos(): bigint {
    return BigInt(this.#source.wallMillis()) * NANOS_PER_MILLISECOND;
  }
}
