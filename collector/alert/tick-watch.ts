import { ALERT_STATES, type AlertState, type Emit, type Watch } from './evaluation.ts';
import type { PointBatch } from './point-batch.ts';
import { isBeyond, type NoDataRule, type WindowRule } from './rule.ts';
import { NumberReader, NumberWriter } from './saved-numbers.ts';
import { WindowCells } from './window-cells.ts';
import type { WindowTotal } from './window-total.ts';

const NO_PARTS: ReadonlyMap<number, Float64Array> = new Map();

/** A rule that is evaluated at each tick over the window that ends there. A verdict is never revised. */
export class TickWatch implements Watch {
  readonly #rule: WindowRule | NoDataRule;
  readonly #cells: WindowCells;
  #firstTick: number;
  #nextTick: number;
  /** A series is evaluated from its first point on. */
  #hasBegun: boolean;
  #evaluatedNano = Number.NEGATIVE_INFINITY;
  #late = 0;
  #wasEmpty = false;
  state: AlertState = 'no data';

  /** @param sinceNano - ticks up to here had passed when the rule was attached. */
  constructor(rule: WindowRule | NoDataRule, sinceNano: number) {
    this.#rule = rule;
    this.#cells = new WindowCells(rule, countsBeyond(rule) ? rule.bounds : undefined);
    const passedNano = Math.max(sinceNano, rule.delayNano, 0);
    const tick = this.#cells.tickOf(passedNano);
    this.#firstTick = tick * rule.frequencyNano > passedNano ? tick : tick + 1;
    this.#nextTick = this.#firstTick;
    this.#hasBegun = rule.kind === 'no data';
  }

  /** @param saved - what {@link TickWatch.save} gave, of the same rule. @param parts - what is kept of {@link TickWatch.changedParts}. */
  static restore(
    rule: WindowRule | NoDataRule,
    saved: Float64Array,
    parts: ReadonlyMap<number, Float64Array> = new Map(),
  ): TickWatch {
    const watch = new TickWatch(rule, 0);
    const reader = new NumberReader(saved);
    watch.state = ALERT_STATES[reader.next()] ?? 'no data';
    watch.#firstTick = reader.next();
    watch.#nextTick = reader.next();
    watch.#hasBegun = reader.next() === 1;
    watch.#evaluatedNano = reader.next();
    watch.#late = reader.next();
    watch.#wasEmpty = reader.next() === 1;
    watch.#cells.restore(reader);
    for (const [part, cells] of parts) watch.#cells.parts?.restore(part, cells);
    watch.#cells.forgetBefore(watch.#leastTick);
    return watch;
  }

  save(): Float64Array {
    const writer = new NumberWriter();
    writer.put(
      ALERT_STATES.indexOf(this.state),
      this.#firstTick,
      this.#nextTick,
      this.#hasBegun ? 1 : 0,
      this.#evaluatedNano,
      this.#late,
      this.#wasEmpty ? 1 : 0,
    );
    this.#cells.save(writer);
    return writer.numbers;
  }

  changedParts(): ReadonlyMap<number, Float64Array> {
    return this.#cells.parts?.changes() ?? NO_PARTS;
  }

  saved(): void {
    this.#cells.parts?.saved();
  }

  get dueNano(): number {
    return this.#hasBegun ? this.#nextTick * this.#rule.frequencyNano : Number.POSITIVE_INFINITY;
  }

  addPoints(points: PointBatch): void {
    this.#late += this.#cells.add(points, this.#leastTick, this.#evaluatedNano);
    if (!this.#hasEvaluated && this.#rule.kind === 'window') this.#begin();
  }

  advance(toNano: number, emit: Emit): void {
    while (this.dueNano <= toNano) {
      const skipped = this.#wasEmpty ? this.#skipEmpty(toNano) : 0;
      this.#evaluate(this.dueNano, skipped, emit);
    }
  }

  end(endNano: number, emit: Emit): void {
    this.advance(endNano, emit);
    if (endNano > this.#evaluatedNano && endNano > this.dueNano - this.#rule.frequencyNano)
      this.#evaluate(endNano, 0, emit);
  }

  get #hasEvaluated(): boolean {
    return this.#evaluatedNano !== Number.NEGATIVE_INFINITY;
  }

  /** No window before that of this tick is evaluated any more. */
  get #leastTick(): number {
    return this.#hasEvaluated ? this.#nextTick : this.#firstTick;
  }

  /** The first tick is that of the oldest point that came before it. */
  #begin(): void {
    const tick = Math.max(this.#firstTick, this.#cells.oldestTick);
    this.#nextTick = this.#hasBegun ? Math.min(this.#nextTick, tick) : tick;
    this.#hasBegun = true;
  }

  /** Goes to the next tick whose window holds something, or to the last one that is due. @returns how many ticks it left out. */
  #skipEmpty(toNano: number): number {
    const lastDue = Math.floor(toNano / this.#rule.frequencyNano);
    const tick = Math.max(this.#nextTick, Math.min(lastDue, this.#cells.firstTick));
    const skipped = tick - this.#nextTick;
    this.#nextTick = tick;
    return skipped;
  }

  #evaluate(timeNano: number, skipped: number, emit: Emit): void {
    const { windowNano, delayNano } = this.#rule;
    const total = this.#cells.total(this.#nextTick);
    const share = Math.min(1, (timeNano - delayNano) / windowNano);
    const previous = this.state;
    const { value, state } = this.#judge(total);
    const isWarmingUp = share < 1 && !(this.#rule.kind === 'window' && this.#rule.evaluatesPartialWindow);
    if (!isWarmingUp) this.state = state;
    emit({
      timeNano,
      fromNano: this.dueNano - windowNano,
      share,
      points: total.count,
      nonFinite: total.nonFiniteCount,
      late: this.#late,
      skipped,
      value,
      verdict: isWarmingUp ? 'warming up' : state,
      previous,
      state: this.state,
    });
    this.#late = 0;
    this.#wasEmpty = total.count === 0 && !isWarmingUp;
    this.#evaluatedNano = timeNano;
    this.#nextTick++;
    this.#cells.forgetBefore(this.#nextTick);
  }

  #judge(total: WindowTotal): { readonly value: number | undefined; readonly state: AlertState } {
    const rule = this.#rule;
    if (rule.kind === 'no data') return { value: total.count, state: total.count === 0 ? 'firing' : 'ok' };
    const value = total.value(rule.aggregation);
    if (value === undefined) return { value, state: 'no data' };
    const fires =
      rule.aggregation === 'at least one'
        ? value > 0
        : rule.aggregation === 'all'
          ? value === 1
          : isBeyond(rule.bounds, value);
    return { value, state: fires ? 'firing' : 'ok' };
  }
}

function countsBeyond(rule: WindowRule | NoDataRule): rule is WindowRule {
  return rule.kind === 'window' && (rule.aggregation === 'at least one' || rule.aggregation === 'all');
}
