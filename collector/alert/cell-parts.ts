import { NumberReader, NumberWriter } from './saved-numbers.ts';
import { WindowTotal } from './window-total.ts';

/** Numbers of cells in a part. */
const PART_CELLS = 32;

/** The cells of a long window as they are saved: in parts, of which those are written that changed since. */
export class CellParts {
  readonly #cells: Map<number, WindowTotal>;
  readonly #changed = new Set<number>();
  /** Parts that are saved. */
  readonly #kept = new Set<number>();
  /** Cells below are not needed. */
  #first = Number.NEGATIVE_INFINITY;

  constructor(cells: Map<number, WindowTotal>) {
    this.#cells = cells;
  }

  cellChanged(number: number): void {
    this.#changed.add(Math.floor(number / PART_CELLS));
  }

  forgetBefore(number: number): void {
    this.#first = number;
  }

  /** What is to be written: the cells of a part; nothing = it is not needed any more. */
  changes(): Map<number, Float64Array> {
    const writers = new Map<number, NumberWriter>();
    for (const part of this.#changed) if (this.#isNeeded(part)) writers.set(part, new NumberWriter());
    for (const [number, total] of this.#cells) {
      const writer = writers.get(Math.floor(number / PART_CELLS));
      writer?.put(number);
      if (writer !== undefined) total.save(writer);
    }
    const changes = new Map<number, Float64Array>();
    for (const [part, writer] of writers) changes.set(part, writer.numbers);
    for (const part of this.#kept) if (!this.#isNeeded(part)) changes.set(part, new Float64Array(0));
    return changes;
  }

  /** The changes are written. */
  saved(): void {
    for (const part of this.#changed) this.#kept.add(part);
    for (const part of this.#kept) if (!this.#isNeeded(part)) this.#kept.delete(part);
    this.#changed.clear();
  }

  /** @throws RangeError when it is not what {@link CellParts.changes} gave. */
  restore(part: number, saved: Float64Array): void {
    this.#kept.add(part);
    const reader = new NumberReader(saved);
    while (!reader.isAtEnd) this.#cells.set(reader.next(), WindowTotal.restore(reader));
  }

  /** A part goes as a whole: the cells in front of the window are not taken out one by one. */
  #isNeeded(part: number): boolean {
    return (part + 1) * PART_CELLS > this.#first;
  }
}
