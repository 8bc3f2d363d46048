import { ALERT_STATES, type AlertState, type Emit, NO_WINDOW, type Watch } from './evaluation.ts';
import type { StatusRule } from './rule.ts';

/** A rule that fires while the run has one of its statuses. */
export class StatusWatch implements Watch {
  readonly #statuses: ReadonlySet<string>;
  readonly dueNano = Number.POSITIVE_INFINITY;
  state: AlertState = 'no data';

  /** @param saved - what {@link StatusWatch.save} gave. */
  constructor(rule: StatusRule, saved?: Float64Array) {
    this.#statuses = new Set(rule.statuses);
    this.state = ALERT_STATES[saved?.[0] ?? 0] ?? 'no data';
  }

  save(): Float64Array {
    return Float64Array.of(ALERT_STATES.indexOf(this.state));
  }

  setStatus(timeNano: number, status: string, emit: Emit): void {
    const previous = this.state;
    this.state = this.#statuses.has(status) ? 'firing' : 'ok';
    if (this.state === previous) return;
    const { state } = this;
    emit({ ...NO_WINDOW, timeNano, verdict: state, previous, state });
  }

  advance(): void {}

  end(): void {}
}
