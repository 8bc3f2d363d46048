import type { Rule } from '../alert/rule.ts';
import { RunAlerts, type RunEvaluation } from '../alert/run-alerts.ts';
import { RunWatermark } from '../alert/run-watermark.ts';
import type { SavedRun, SavedWatch } from '../store/alert-state-store.ts';
import type { AlertRow } from '../store/alert-store.ts';
import type { RunRow } from '../store/catalog-store.ts';
import { type AlertUnit, judgedRuleText, readAlertRule } from './alert-rule.ts';
import { isTerminal } from './run-lifecycle.ts';
import { type RunStart, runStart } from './run-start.ts';

/** A run that has ended is evaluated for the last time when nothing has come for so long. */
const END_DELAY_MILLISECONDS = 5_000;

/** A run whose alerts are evaluated: its rules, how far it has come, and whether it has ended. */
export class WatchedRun {
  readonly id: string;
  readonly startUnixNano: bigint;
  readonly start: RunStart;
  readonly alerts: RunAlerts;
  readonly watermark: RunWatermark;
  readonly #unit: AlertUnit;
  readonly #alerts = new Map<string, AlertRow>();
  readonly #rules = new Map<string, string>();
  #status: string | undefined;
  #endNano: number | undefined;
  #endsAt = Number.POSITIVE_INFINITY;
  watchesEvents = false;
  /** It had ended before it was taken up: what another rule has judged, or the same in another unit of time, stays as it was. */
  isOver: boolean;
  /** Its alerts may be others now: until they are read, nothing is evaluated. */
  isStale = false;

  /** @param startUnixNano - origin of its ticks: where it was when it was first watched. */
  constructor(
    row: RunRow,
    startUnixNano: bigint,
    reachedNano: number,
    unit: AlertUnit,
    onEvaluation: (run: WatchedRun, evaluation: RunEvaluation) => void,
  ) {
    this.id = row.id;
    this.startUnixNano = startUnixNano;
    this.start = runStart(startUnixNano);
    this.#unit = unit;
    this.isOver = isTerminal(row.status);
    this.alerts = new RunAlerts((evaluation) => onEvaluation(this, evaluation));
    this.alerts.resume(reachedNano);
    this.watermark = new RunWatermark(startUnixNano, Number(row.createdUnixNano / 1_000_000n), reachedNano);
  }

  alert(id: string): AlertRow | undefined {
    return this.#alerts.get(id);
  }

  /** The text by which a saved state is known to be of the same rule. */
  ruleOf(alertId: string): string {
    return this.#rules.get(alertId) ?? '';
  }

  /** Takes up the alerts that are attached now. @returns those whose past is to be brought in. */
  setAlerts({ alerts, watches }: Pick<SavedRun, 'alerts' | 'watches'>): string[] {
    const attached = new Map(alerts.filter(({ alert }) => alert.enabled).map(({ alert }) => [alert.id, alert]));
    for (const id of this.alerts.rules.keys()) if (!attached.has(id)) this.alerts.remove(id);
    const added: string[] = [];
    const saved = new Map<string, SavedWatch[]>();
    for (const watch of watches) {
      const known = saved.get(watch.alertId);
      if (known === undefined) saved.set(watch.alertId, [watch]);
      else known.push(watch);
    }
    this.#alerts.clear();
    for (const [id, alert] of attached) {
      this.#alerts.set(id, alert);
      const compiled = compiledRule(alert, this.#unit);
      if (compiled === undefined) continue;
      const { rule, text } = compiled;
      if (this.alerts.rules.has(id) && text === this.ruleOf(id)) continue;
      const judged = saved.get(id) ?? [];
      const own = judged.filter((watch) => watch.rule === text);
      if (this.isOver && judged.length > own.length) continue;
      this.#rules.set(id, text);
      this.alerts.add(id, rule, own.length === 0 && 'metric' in rule);
      for (const watch of own) this.alerts.restore(id, watch.series, watch, watch.sequence);
      if (own.length === 0 && 'metric' in rule) added.push(id);
    }
    this.watchesEvents = this.alerts.watchesEvents;
    return added;
  }

  /** Takes note of the run's status and end. @param now - wall time, milliseconds since the epoch. */
  update({ status, endedUnixNano }: RunRow, now: number): void {
    if (status === this.#status) return;
    const nowNano = this.watermark.nanoAt(now);
    const endNano = endedUnixNano === null ? nowNano : Number(endedUnixNano - this.startUnixNano);
    this.alerts.setStatus(isTerminal(status) || status === 'lost' ? endNano : nowNano, status);
    this.#endNano = isTerminal(status) ? endNano : undefined;
    this.#endsAt = isTerminal(status) ? now + END_DELAY_MILLISECONDS : Number.POSITIVE_INFINITY;
    this.#status = status;
  }

  /** Nothing older than this is part of a window. */
  get longestWindowNano(): number {
    const rules = [...this.alerts.rules.values()];
    return Math.max(0, ...rules.map((rule) => ('windowNano' in rule ? rule.windowNano + rule.frequencyNano : 0)));
  }

  /** First record of the log that a state has and its saved form has not; undefined = all are saved. */
  get firstUnsaved(): number | undefined {
    let first: number | undefined;
    for (const { unsavedFrom } of this.alerts.all()) {
      if (unsavedFrom > 0 && unsavedFrom < (first ?? Number.POSITIVE_INFINITY)) first = unsavedFrom;
    }
    return first;
  }

  /** All that follows from its status is evaluated and saved. */
  get isSettled(): boolean {
    return this.#endsAt === Number.POSITIVE_INFINITY && this.firstUnsaved === undefined;
  }

  get isRunning(): boolean {
    return this.#status === 'running';
  }

  get hasEnded(): boolean {
    return this.#endNano !== undefined;
  }

  /** Something of a writer came. */
  heard(writer: string, newestUnixNano: bigint, receivedAt: number, now: number): void {
    this.watermark.heard(writer, Number(newestUnixNano - this.startUnixNano), receivedAt);
    if (this.hasEnded) this.#endsAt = now + END_DELAY_MILLISECONDS;
  }

  /** The last tick, when it is time for it. @returns true when the run need not be watched any more. */
  endIfDue(now: number): boolean {
    if (this.#endNano === undefined) return false;
    if (now >= this.#endsAt) {
      this.#endsAt = Number.POSITIVE_INFINITY;
      this.alerts.end(this.#endNano);
    }
    return this.#endsAt === Number.POSITIVE_INFINITY;
  }
}

interface CompiledRule {
  readonly rule: Rule;
  readonly text: string;
}

/** Many runs have the same alert. */
const compiledRules = new WeakMap<AlertRow, CompiledRule>();

function compiledRule(alert: AlertRow, unit: AlertUnit): CompiledRule | undefined {
  const known = compiledRules.get(alert);
  if (known !== undefined) return known;
  const rule = readAlertRule(alert, unit);
  if (rule === undefined) return undefined;
  const compiled = { rule, text: judgedRuleText(rule, alert.revision) };
  compiledRules.set(alert, compiled);
  return compiled;
}
