import { type Bounds, isBeyond, type Timing } from './rule.ts';
import type { NumberReader, NumberWriter } from './saved-numbers.ts';
import { WindowTotal } from './window-total.ts';

/** Identities kept of the last points: one that is delivered again is found among them. */
const MAX_IDENTITIES = 512;
/** Cells beyond those of a window: points ahead of the clock wait in them. */
const SPARE_CELLS = 1_000;
/** Windows may be this many times as long as the distance of evaluations. */
export const MAX_CELLS_IN_WINDOW = 10_000;

type Placing = 'taken' | 'repeated' | 'too old' | 'too far ahead';

/**
 * Points of one series in cells, such that the window of each tick is a whole number of cells: memory and the cost of a tick depend on the
 * cells, not on the points.
 *
 * Times are nanoseconds since the start of the run. Tick k is at k × frequency, its window is (tick - window, tick]. Windows begin and end at
 * k × frequency and k × frequency - (window mod frequency): two cells a tick, 2k and 2k + 1.
 */
export class WindowCells {
  readonly #frequencyNano: number;
  readonly #backNano: number;
  readonly #ticksInWindow: number;
  readonly #bounds: Bounds | undefined;
  readonly #cells = new Map<number, WindowTotal>();
  readonly #identities: number[] = [];
  /** Place of the next identity, once all places are taken. */
  #oldest = 0;
  /** Newest time of a point that was taken. */
  #newestNano = Number.NEGATIVE_INFINITY;
  /** The cell of the last point, for times in (from, to]: the next one is usually there too. */
  #current: WindowTotal | undefined;
  #currentFromNano = 0;
  #currentToNano = 0;

  constructor({ windowNano, frequencyNano }: Timing, bounds: Bounds | undefined) {
    this.#frequencyNano = frequencyNano;
    this.#backNano = windowNano % frequencyNano;
    this.#ticksInWindow = Math.floor(windowNano / frequencyNano);
    this.#bounds = bounds;
  }

  /** First tick at or after a time. */
  tickOf(timeNano: number): number {
    const frequency = this.#frequencyNano;
    let tick = Math.ceil(timeNano / frequency);
    while ((tick - 1) * frequency >= timeNano) tick--;
    while (tick * frequency < timeNano) tick++;
    return tick;
  }

  /**
   * @param identity - the same for the same point, delivered twice.
   * @param nextTick - no window before that of this tick is evaluated any more.
   */
  add(timeNano: number, value: number, identity: number, nextTick: number): Placing {
    let cell = timeNano > this.#currentFromNano && timeNano <= this.#currentToNano ? this.#current : undefined;
    if (cell === undefined) {
      const found = this.#cellAt(timeNano, nextTick);
      if (typeof found === 'string') return found;
      cell = found;
    }
    if (timeNano <= this.#newestNano && this.#identities.includes(identity)) return 'repeated';
    this.#remember(identity);
    if (timeNano > this.#newestNano) this.#newestNano = timeNano;
    cell.add(timeNano, value, this.#bounds !== undefined && isBeyond(this.#bounds, value));
    return 'taken';
  }

  #cellAt(timeNano: number, nextTick: number): WindowTotal | 'too old' | 'too far ahead' {
    const tick = this.tickOf(timeNano);
    const toNano = tick * this.#frequencyNano;
    const middleNano = toNano - this.#backNano;
    const isBack = this.#backNano === 0 || timeNano > middleNano;
    const number = 2 * tick + (isBack ? 1 : 0);
    if (number < this.#firstCell(nextTick)) return 'too old';
    let cell = this.#cells.get(number);
    if (cell === undefined) {
      if (this.#cells.size >= MAX_CELLS_IN_WINDOW * 2 + SPARE_CELLS) return 'too far ahead';
      cell = new WindowTotal();
      this.#cells.set(number, cell);
    }
    this.#current = cell;
    this.#currentFromNano = isBack && this.#backNano > 0 ? middleNano : toNano - this.#frequencyNano;
    this.#currentToNano = isBack ? toNano : middleNano;
    return cell;
  }

  /** First tick whose window holds a point; infinite = none. */
  get firstTick(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const number of this.#cells.keys()) if (number < first) first = number;
    return Math.floor(first / 2);
  }

  /** What the window of a tick holds. */
  total(tick: number): WindowTotal {
    const sum = new WindowTotal();
    const last = 2 * tick + 1;
    const first = this.#firstCell(tick);
    if (last - first < this.#cells.size) {
      for (let number = first; number <= last; number++) sum.merge(this.#cells.get(number));
    } else {
      for (const [number, total] of this.#cells) if (number >= first && number <= last) sum.merge(total);
    }
    return sum;
  }

  /** Forgets what no window from this tick on holds. */
  forgetBefore(tick: number): void {
    const first = this.#firstCell(tick);
    for (const number of this.#cells.keys()) if (number < first) this.#cells.delete(number);
    this.#current = undefined;
  }

  save(writer: NumberWriter): void {
    writer.put(this.#newestNano, this.#cells.size);
    for (const [number, total] of this.#cells) {
      writer.put(number);
      total.save(writer);
    }
    writer.put(this.#oldest, this.#identities.length, ...this.#identities);
  }

  restore(reader: NumberReader): void {
    this.#newestNano = reader.next();
    for (let left = reader.next(); left > 0; left--) {
      const number = reader.next();
      this.#cells.set(number, WindowTotal.restore(reader));
    }
    this.#oldest = reader.next();
    for (let left = reader.next(); left > 0; left--) this.#identities.push(reader.next());
  }

  #remember(identity: number): void {
    if (this.#identities.length < MAX_IDENTITIES) this.#identities.push(identity);
    else {
      this.#identities[this.#oldest] = identity;
      this.#oldest = (this.#oldest + 1) % MAX_IDENTITIES;
    }
  }

  #firstCell(tick: number): number {
    return 2 * (tick - this.#ticksInWindow) + (this.#backNano === 0 ? 2 : 1);
  }
}
