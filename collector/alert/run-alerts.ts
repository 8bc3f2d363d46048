import { createWatch, restoreWatch } from './create-watch.ts';
import type { AlertState, Emit, Evaluation, Watch } from './evaluation.ts';
import { fitsPattern } from './metric-pattern.ts';
import type { Rule } from './rule.ts';

/** Series one alert watches in a run; those that appear later are not watched, and counted. */
const MAX_SERIES = 10_000;

/** The state of one alert for one series of a run. */
export interface WatchedSeries {
  readonly alertId: string;
  /** Display name; empty for rules that watch the events or the status; of a `no data` rule its metric. */
  readonly series: string;
  readonly watch: Watch;
  readonly emit: Emit;
  /** Position in the log that it had seen when it was saved: what comes again up to here is left out. */
  readonly savedSequence: number;
  /** Position of the first change that is not saved; 0 = none. */
  unsavedFrom: number;
  /** True while points of the past are brought in: until then nothing is evaluated. */
  isFilling: boolean;
}

export interface RunEvaluation {
  readonly watched: WatchedSeries;
  readonly evaluation: Evaluation;
}

/** The alerts of one run: points, events and time in, evaluations out. Times are nanoseconds since the start of the run. */
export class RunAlerts {
  readonly #emit: (evaluation: RunEvaluation) => void;
  readonly #rules = new Map<string, Rule>();
  /** Alerts by the metric they name, and those that name a pattern. */
  readonly #byMetric = new Map<string, Set<string>>();
  readonly #patterns = new Map<string, string>();
  readonly #watched = new Map<string, Map<string, WatchedSeries>>();
  readonly #bySeries = new Map<string, readonly WatchedSeries[]>();
  #byWriter = new WeakMap<object, (readonly WatchedSeries[] | undefined)[]>();
  readonly #filling = new Set<string>();
  /** How far the run had come when a rule was attached. */
  readonly #since = new Map<string, number>();
  #dueNano = Number.POSITIVE_INFINITY;
  #reachedNano = 0;
  /** Series that found no room. */
  unwatched = 0;

  constructor(emit: (evaluation: RunEvaluation) => void) {
    this.#emit = emit;
  }

  get reachedNano(): number {
    return this.#reachedNano;
  }

  get rules(): ReadonlyMap<string, Rule> {
    return this.#rules;
  }

  get watchesEvents(): boolean {
    return [...this.#rules.values()].some(({ kind }) => kind === 'events');
  }

  *all(): Iterable<WatchedSeries> {
    for (const watched of this.#watched.values()) yield* watched.values();
  }

  /** False for what belongs to a rule that was removed, or is another one now. */
  isWatching(watched: WatchedSeries): boolean {
    return this.#watched.get(watched.alertId)?.get(watched.series) === watched;
  }

  /**
   * Takes up a rule; one that is there with another definition begins anew.
   *
   * @param isFilling - true: points of the past are brought in until {@link RunAlerts.filled} is called.
   */
  add(alertId: string, rule: Rule, isFilling = false): void {
    this.remove(alertId);
    this.#rules.set(alertId, rule);
    if ('metric' in rule) this.#index(alertId, rule.metric);
    this.#since.set(alertId, isFilling ? this.#reachedNano : 0);
    if (isFilling) this.#filling.add(alertId);
    this.#watched.set(alertId, new Map());
    this.#forgetLookups();
    const series = ownSeries(rule);
    if (series !== undefined) this.#watch(alertId, series, createWatch(rule, this.#since.get(alertId) ?? 0), 0);
  }

  /** Everything of the past of these alerts is there: evaluation may begin. */
  filled(alertIds: readonly string[]): void {
    for (const alertId of alertIds) {
      this.#filling.delete(alertId);
      for (const watched of this.#watched.get(alertId)?.values() ?? []) watched.isFilling = false;
    }
    this.#schedule();
    this.advance(this.#reachedNano);
  }

  remove(alertId: string): void {
    const rule = this.#rules.get(alertId);
    if (rule === undefined) return;
    if ('metric' in rule) this.#byMetric.get(rule.metric)?.delete(alertId);
    this.#patterns.delete(alertId);
    this.#rules.delete(alertId);
    this.#watched.delete(alertId);
    this.#forgetLookups();
  }

  /** @param saved - state of an alert that was added. */
  restore(
    alertId: string,
    series: string,
    saved: { readonly state: Float64Array; readonly parts: ReadonlyMap<number, Float64Array> },
    sequence: number,
  ): void {
    const rule = this.#rules.get(alertId);
    if (rule === undefined) return;
    this.#watch(alertId, series, restoreWatch(rule, saved.state, saved.parts), sequence);
    this.#forgetLookups();
  }

  /** @param toNano - how far it had come when it was saved. */
  resume(toNano: number): void {
    this.#reachedNano = Math.max(this.#reachedNano, toNano);
  }

  /** What watches a series; made when the series is seen first. */
  ofSeries(name: string, displayName: string): readonly WatchedSeries[] {
    const known = this.#bySeries.get(displayName);
    if (known !== undefined) return known;
    const found: WatchedSeries[] = [];
    for (const alertId of this.#alertsOf(name, displayName)) {
      const rule = this.#rules.get(alertId) as Rule;
      const watched = this.#seriesOf(alertId, rule, ownSeries(rule) ?? displayName);
      if (watched !== undefined) found.push(watched);
    }
    this.#bySeries.set(displayName, found);
    return found;
  }

  /** What watches the series of a writer, by the writer's own numbers of them: whoever asks fills it from {@link RunAlerts.ofSeries}. A new one when the rules change. */
  ofWriter(writer: object): (readonly WatchedSeries[] | undefined)[] {
    let known = this.#byWriter.get(writer);
    if (known === undefined) {
      known = [];
      this.#byWriter.set(writer, known);
    }
    return known;
  }

  /** Points of a series were given to what watches it, from this record of the log. */
  touched(watched: WatchedSeries, sequence: number): void {
    watched.unsavedFrom ||= sequence;
    const { dueNano } = watched.watch;
    if (dueNano < this.#dueNano) this.#dueNano = dueNano;
  }

  addEvent(timeNano: number, text: string, sequence: number): void {
    for (const watched of this.#ofKind('events')) {
      if (sequence <= watched.savedSequence) continue;
      watched.unsavedFrom ||= sequence;
      watched.watch.addEvent?.(timeNano, text, watched.emit);
    }
  }

  setStatus(timeNano: number, status: string): void {
    for (const { watch, emit } of this.#ofKind('status')) watch.setStatus?.(timeNano, status, emit);
  }

  /** Nothing before this time is waited for any more. */
  advance(toNano: number): void {
    if (toNano > this.#reachedNano) this.#reachedNano = toNano;
    if (toNano < this.#dueNano) return;
    for (const { watch, emit, isFilling } of this.all())
      if (!isFilling && watch.dueNano <= toNano) watch.advance(toNano, emit);
    this.#schedule();
  }

  end(endNano: number): void {
    for (const { watch, emit } of this.all()) watch.end(endNano, emit);
    this.#schedule();
  }

  /** Worst state over the series of an alert. */
  stateOf(alertId: string): AlertState {
    const states = [...(this.#watched.get(alertId)?.values() ?? [])].map(({ watch }) => watch.state);
    return states.includes('firing') ? 'firing' : states.includes('ok') ? 'ok' : 'no data';
  }

  #forgetLookups(): void {
    this.#bySeries.clear();
    this.#byWriter = new WeakMap();
  }

  #schedule(): void {
    this.#dueNano = Number.POSITIVE_INFINITY;
    for (const { watch, isFilling } of this.all())
      if (!isFilling && watch.dueNano < this.#dueNano) this.#dueNano = watch.dueNano;
  }

  #index(alertId: string, metric: string): void {
    if (metric.includes('*')) this.#patterns.set(alertId, metric);
    else {
      const alerts = this.#byMetric.get(metric) ?? new Set();
      this.#byMetric.set(metric, alerts.add(alertId));
    }
  }

  #alertsOf(name: string, displayName: string): Set<string> {
    const found = new Set([...(this.#byMetric.get(displayName) ?? []), ...(this.#byMetric.get(name) ?? [])]);
    for (const [alertId, pattern] of this.#patterns) {
      if (fitsPattern(pattern, displayName) || fitsPattern(pattern, name)) found.add(alertId);
    }
    return found;
  }

  #seriesOf(alertId: string, rule: Rule, series: string): WatchedSeries | undefined {
    const watched = this.#watched.get(alertId);
    const known = watched?.get(series);
    if (known !== undefined) return known;
    if (watched === undefined || watched.size >= MAX_SERIES) {
      this.unwatched++;
      return undefined;
    }
    return this.#watch(alertId, series, createWatch(rule, this.#since.get(alertId) ?? 0), 0);
  }

  #watch(alertId: string, series: string, watch: Watch, savedSequence: number): WatchedSeries {
    const emit: Emit = (evaluation) => {
      if (watch.dueNano < this.#dueNano) this.#dueNano = watch.dueNano;
      this.#emit({ watched, evaluation });
    };
    const watched: WatchedSeries = {
      alertId,
      series,
      watch,
      emit,
      savedSequence,
      unsavedFrom: 0,
      isFilling: this.#filling.has(alertId),
    };
    this.#watched.get(alertId)?.set(series, watched);
    if (watch.dueNano < this.#dueNano) this.#dueNano = watch.dueNano;
    return watched;
  }

  *#ofKind(kind: Rule['kind']): Iterable<WatchedSeries> {
    for (const [alertId, rule] of this.#rules)
      if (rule.kind === kind) yield* this.#watched.get(alertId)?.values() ?? [];
  }
}

/** The one series of a rule that does not have a state for each series. */
function ownSeries(rule: Rule): string | undefined {
  if (rule.kind === 'no data') return rule.metric;
  return 'metric' in rule ? undefined : '';
}
