import type { PointBatch } from './point-batch.ts';
import { RecentIdentities } from './recent-identities.ts';
import type { Bounds, Timing } from './rule.ts';
import type { NumberReader, NumberWriter } from './saved-numbers.ts';
import { WindowTotal } from './window-total.ts';

/** Cells beyond those of a window: points ahead of the clock wait in them. */
const SPARE_CELLS = 1_000;
/** Windows may be this many times as long as the distance of evaluations. */
export const MAX_CELLS_IN_WINDOW = 10_000;

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
  readonly #identities = new RecentIdentities();
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
   * Takes points; the usual ones, newer than all before, a stretch at a time.
   *
   * @param nextTick - no window before that of this tick is evaluated any more. @param evaluatedNano - how far windows were evaluated.
   * @returns how many that are not repeated came too late for a window that held them.
   */
  add(points: PointBatch, nextTick: number, evaluatedNano: number): number {
    const { count, timeNano, identity } = points;
    let late = 0;
    for (let from = 0, end = 0; from < count; from = end) {
      const time = timeNano[from] as number;
      end = from + 1;
      const cell = this.#cellAt(time, nextTick);
      if (cell !== undefined && time > this.#newestNano) {
        while (end < count && this.#continues(timeNano, end)) end++;
        this.#newestNano = timeNano[end - 1] as number;
      } else if (cell !== undefined && this.#identities.has(identity[from] as number)) continue;
      for (let i = from; i < end && (timeNano[i] as number) <= evaluatedNano; i++) late++;
      if (cell === undefined) continue;
      this.#identities.add(identity, from, end);
      cell.add(points, from, end, this.#bounds);
    }
    return late;
  }

  /** Whether a point is newer than the one before it, and in the current cell. */
  #continues(timeNano: Float64Array, at: number): boolean {
    const time = timeNano[at] as number;
    return time > (timeNano[at - 1] as number) && time <= this.#currentToNano;
  }

  /** Undefined = too old, or too far ahead. */
  #cellAt(timeNano: number, nextTick: number): WindowTotal | undefined {
    if (timeNano > this.#currentFromNano && timeNano <= this.#currentToNano) return this.#current;
    const tick = this.tickOf(timeNano);
    const toNano = tick * this.#frequencyNano;
    const middleNano = toNano - this.#backNano;
    const isBack = this.#backNano === 0 || timeNano > middleNano;
    const number = 2 * tick + (isBack ? 1 : 0);
    if (number < this.#firstCell(nextTick)) return undefined;
    let cell = this.#cells.get(number);
    if (cell === undefined) {
      if (this.#cells.size >= MAX_CELLS_IN_WINDOW * 2 + SPARE_CELLS) return undefined;
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
    this.#currentToNano = Number.NEGATIVE_INFINITY;
  }

  save(writer: NumberWriter): void {
    writer.put(this.#newestNano, this.#cells.size);
    for (const [number, total] of this.#cells) {
      writer.put(number);
      total.save(writer);
    }
    this.#identities.save(writer);
  }

  restore(reader: NumberReader): void {
    this.#newestNano = reader.next();
    for (let left = reader.next(); left > 0; left--) {
      const number = reader.next();
      this.#cells.set(number, WindowTotal.restore(reader));
    }
    this.#identities.restore(reader);
  }

  #firstCell(tick: number): number {
    return 2 * (tick - this.#ticksInWindow) + (this.#backNano === 0 ? 2 : 1);
  }
}
