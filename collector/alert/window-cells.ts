import { CellParts } from './cell-parts.ts';
import { CurrentCell } from './current-cell.ts';
import type { PointBatch } from './point-batch.ts';
import { type Bounds, ignoredNano, type Timing } from './rule.ts';
import type { NumberReader, NumberWriter } from './saved-numbers.ts';
import { WindowTotal } from './window-total.ts';

/** Cells beyond those of a window: points ahead of the clock wait in them. */
const SPARE_CELLS = 1_000;
/** Windows of more evaluations are saved in parts. */
const MAX_WHOLE_TICKS = 16;
/** Windows may be this many times as long as the distance of evaluations (a day each minute): a tick costs as much. */
export const MAX_CELLS_IN_WINDOW = 2_000;

const NO_CELLS: ReadonlyMap<number, WindowTotal> = new Map();

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
  readonly #ignoredNano: number;
  /** All but the current one. */
  readonly #cells = new Map<number, WindowTotal>();
  /** Undefined = the cells are few, and saved with the rest. */
  readonly parts: CellParts | undefined;
  readonly #current: CurrentCell;
  /** Undefined = none is current. */
  #currentNumber: number | undefined;
  /** First tick at or after the oldest point that came, taken or not. */
  oldestTick = Number.POSITIVE_INFINITY;

  constructor(timing: Timing, bounds: Bounds | undefined) {
    const { windowNano, frequencyNano } = timing;
    this.#frequencyNano = frequencyNano;
    this.#backNano = windowNano % frequencyNano;
    this.#ticksInWindow = Math.floor(windowNano / frequencyNano);
    this.#ignoredNano = ignoredNano(timing);
    this.#current = new CurrentCell(bounds);
    this.parts = this.#ticksInWindow > MAX_WHOLE_TICKS ? new CellParts(this.#cells) : undefined;
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
   * Takes points; the usual ones, newer than all before, a stretch at a time.
   *
   * @param nextTick - no window before that of this tick is evaluated any more. @param evaluatedNano - how far windows were evaluated.
   * @returns how many that are not repeated came too late for a window that held them.
   */
  add(points: PointBatch, nextTick: number, evaluatedNano: number): number {
    const { count } = points;
    const current = this.#current;
    let late = 0;
    for (let from = 0, end = 0; from < count; from = end) {
      const time = points.timeNano(from);
      end = from + 1;
      if (time <= this.#ignoredNano) continue;
      const hasCell = current.holds(time) || this.#open(time, nextTick);
      if (hasCell && time <= current.newestNano && current.knows(points.identity(from))) continue;
      if (hasCell) end = current.take(points, from);
      for (let i = from; i < end && points.timeNano(i) <= evaluatedNano; i++) late++;
    }
    return late;
  }

  /** Makes the cell of a time the current one. @returns false when it is too old, or too far ahead. */
  #open(timeNano: number, nextTick: number): boolean {
    const tick = this.tickOf(timeNano);
    if (tick < this.oldestTick) this.oldestTick = tick;
    const toNano = tick * this.#frequencyNano;
    const middleNano = toNano - this.#backNano;
    const isBack = this.#backNano === 0 || timeNano > middleNano;
    const number = 2 * tick + (isBack ? 1 : 0);
    if (number < this.#firstCell(nextTick)) return false;
    this.#settle();
    if (this.#cells.size >= MAX_CELLS_IN_WINDOW * 2 + SPARE_CELLS && !this.#cells.has(number)) return false;
    const fromNano = isBack && this.#backNano > 0 ? middleNano : toNano - this.#frequencyNano;
    this.#current.open(fromNano, isBack ? toNano : middleNano);
    this.#currentNumber = number;
    return true;
  }

  /** Puts what the current cell holds to the others. */
  #settle(): void {
    if (this.#currentNumber === undefined) return;
    const { total } = this.#current;
    const known = this.#cells.get(this.#currentNumber);
    if (total.count > 0) this.parts?.cellChanged(this.#currentNumber);
    if (known !== undefined) known.merge(total);
    else if (total.count > 0) this.#cells.set(this.#currentNumber, total);
    this.#currentNumber = undefined;
    this.#current.close();
  }

  /** First tick whose window holds a point; infinite = none. */
  get firstTick(): number {
    this.#settle();
    let first = Number.POSITIVE_INFINITY;
    for (const number of this.#cells.keys()) if (number < first) first = number;
    return Math.floor(first / 2);
  }

  /** What the window of a tick holds. */
  total(tick: number): WindowTotal {
    this.#settle();
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
    this.#settle();
    const first = this.#firstCell(tick);
    for (const number of this.#cells.keys()) if (number < first) this.#cells.delete(number);
    this.parts?.forgetBefore(first);
  }

  save(writer: NumberWriter): void {
    this.#settle();
    const whole = this.parts === undefined ? this.#cells : NO_CELLS;
    writer.put(whole.size);
    for (const [number, total] of whole) {
      writer.put(number);
      total.save(writer);
    }
    this.#current.save(writer);
  }

  restore(reader: NumberReader): void {
    for (let left = reader.next(); left > 0; left--) {
      const number = reader.next();
      this.#cells.set(number, WindowTotal.restore(reader));
      // Of a state that was saved before long windows had parts.
      this.parts?.cellChanged(number);
    }
    this.#current.restore(reader);
  }

  #firstCell(tick: number): number {
    return 2 * (tick - this.#ticksInWindow) + (this.#backNano === 0 ? 2 : 1);
  }
}
