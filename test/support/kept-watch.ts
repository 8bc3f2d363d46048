import type { NoDataRule, WindowRule } from '../../collector/alert/rule.ts';
import { TickWatch } from '../../collector/alert/tick-watch.ts';

/** What a store keeps of a watch: each save writes what has changed. */
export class KeptWatch {
  readonly #parts = new Map<number, Float64Array>();
  #state: Float64Array = new Float64Array();

  /** @returns bytes that were written. */
  save(watch: TickWatch): number {
    this.#state = watch.save();
    let bytes = this.#state.byteLength;
    for (const [part, cells] of watch.changedParts()) {
      bytes += cells.byteLength;
      if (cells.length > 0) this.#parts.set(part, cells);
      else this.#parts.delete(part);
    }
    watch.saved();
    return bytes;
  }

  restore(rule: WindowRule | NoDataRule): TickWatch {
    return TickWatch.restore(rule, this.#state, this.#parts);
  }

  get bytes(): number {
    return [...this.#parts.values()].reduce((sum, cells) => sum + cells.byteLength, this.#state.byteLength);
  }
}
