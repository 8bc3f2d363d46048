import { ALERT_STATES, type AlertState, type Emit, type Watch } from './evaluation.ts';
import { compilePattern, type EventMatcher } from './event-pattern.ts';
import type { PointBatch } from './point-batch.ts';
import { type EventsRule, ignoredNano, type NotFiniteRule } from './rule.ts';
import { NumberReader, NumberWriter } from './saved-numbers.ts';

/** A rule that fires when something matches, at once, and ends when nothing has matched for the longer of window and frequency. */
export class MatchWatch implements Watch {
  readonly #holdNano: number;
  readonly #ignoredNano: number;
  readonly #matchesText: EventMatcher | undefined;
  state: AlertState = 'no data';
  #lastMatchNano = Number.NEGATIVE_INFINITY;
  #matches = 0;

  constructor(rule: EventsRule | NotFiniteRule) {
    this.#holdNano = Math.max(rule.windowNano, rule.frequencyNano);
    this.#ignoredNano = ignoredNano(rule);
    this.#matchesText = rule.kind === 'events' ? compilePattern(rule) : undefined;
  }

  /** @param saved - what {@link MatchWatch.save} gave, of the same rule. */
  static restore(rule: EventsRule | NotFiniteRule, saved: Float64Array): MatchWatch {
    const watch = new MatchWatch(rule);
    const reader = new NumberReader(saved);
    watch.state = ALERT_STATES[reader.next()] ?? 'no data';
    watch.#lastMatchNano = reader.next();
    watch.#matches = reader.next();
    return watch;
  }

  save(): Float64Array {
    const writer = new NumberWriter();
    writer.put(ALERT_STATES.indexOf(this.state), this.#lastMatchNano, this.#matches);
    return writer.numbers;
  }

  get dueNano(): number {
    return this.state === 'firing' ? this.#lastMatchNano + this.#holdNano : Number.POSITIVE_INFINITY;
  }

  addPoints(points: PointBatch, emit: Emit): void {
    for (let i = 0; i < points.count; i++) {
      const isMatch = !Number.isFinite(points.value(i));
      if (isMatch || this.state === 'no data') this.#see(points.timeNano(i), isMatch, emit);
    }
  }

  addEvent(timeNano: number, text: string, emit: Emit): void {
    if (this.#matchesText !== undefined) this.#see(timeNano, this.#matchesText(text), emit, text);
  }

  advance(toNano: number, emit: Emit): void {
    if (this.dueNano <= toNano) this.#emit(this.dueNano, 'ok', emit);
  }

  /** What was found stays found when it would end later. */
  end(endNano: number, emit: Emit): void {
    this.advance(endNano, emit);
  }

  /** A match that is not newer than the last one was delivered again, or changes nothing. */
  #see(timeNano: number, isMatch: boolean, emit: Emit, text?: string): void {
    if (timeNano <= this.#ignoredNano) return;
    if (isMatch && timeNano > this.#lastMatchNano) {
      // It had ended before this one, wherever the batch was cut.
      this.advance(timeNano - 1, emit);
      this.#lastMatchNano = timeNano;
      this.#matches++;
      if (this.state !== 'firing') this.#emit(timeNano, 'firing', emit, text);
    } else if (this.state === 'no data') this.#emit(timeNano, 'ok', emit);
  }

  #emit(timeNano: number, state: AlertState, emit: Emit, text?: string): void {
    const previous = this.state;
    this.state = state;
    emit({
      timeNano,
      fromNano: timeNano - this.#holdNano,
      share: 1,
      points: this.#matches,
      nonFinite: 0,
      late: 0,
      skipped: 0,
      value: this.#matches,
      verdict: state,
      previous,
      state,
      ...(text === undefined ? {} : { text }),
    });
    if (state === 'ok') this.#matches = 0;
  }
}
