import { distance } from './plot-range.ts';

type Range = readonly [number, number];

const REST_MILLISECONDS = 100;
/** The range of a plot that is moved is told when it begins, and each time that this share of it has gone by. */
const TELL_STEP = 0.2;

/** The range of a plot while it is moved: told from time to time, and that it is over when it rests or is let go. */
export class RangeMove {
  #log: boolean;
  #range: Range | undefined;
  #told: Range | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tell: (range: Range, isMoving: boolean) => void;

  /** @param log - the x axis is logarithmic; @param tell - is told new ranges, the last time with `isMoving` = false. */
  constructor(log: boolean, tell: (range: Range, isMoving: boolean) => void) {
    this.#log = log;
    this.#tell = tell;
  }

  get range(): Range | undefined {
    return this.#range;
  }

  to(range: Range): void {
    this.#range = range;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.rest(), REST_MILLISECONDS);
    if (this.#told !== undefined && distance(this.#told, range, this.#log) < TELL_STEP) return;
    this.#told = range;
    this.#tell(range, true);
  }

  rest(): void {
    clearTimeout(this.#timer);
    if (this.#range) this.#tell(this.#range, false);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
