import { setImmediate } from 'node:timers/promises';
import { compilePattern, type EventMatcher } from '../alert/event-pattern.ts';
import type { AlertStateStore, EvaluationRow } from '../store/alert-state-store.ts';
import type { AlertRow, AlertStore } from '../store/alert-store.ts';
import { type AlertUnit, readAlertRule } from './alert-rule.ts';
import type { EventRecord } from './telemetry.ts';

/** An alert that an event matched. */
export interface MatchedAlert extends Pick<AlertRow, 'id' | 'name'> {
  /** True = the event made it fire; false = it fired already. */
  readonly fired: boolean;
}

/** From the match that made it fire to its end. */
interface Firing {
  readonly fromUnixNano: bigint;
  /** Undefined = it still fires. */
  readonly endUnixNano: bigint | undefined;
}

interface Stores {
  readonly alerts: Pick<AlertStore, 'attachedTo'>;
  readonly alertStates: Pick<AlertStateStore, 'evaluations'>;
}
type TextAtTime = Pick<EventRecord, 'timeUnixNano' | 'body'>;

/** An expression costs up to some milliseconds a text: then others get their turn. */
const TURN_MILLISECONDS = 5;
/** The time of an evaluation was a double, from the start of the run on. */
const ROUNDING_NANO = 1_000n;

/**
 * Which alerts of a run each of some of its events matched. A match makes an alert fire, or keeps it firing: what fits the pattern while it
 * does not fire came before it was attached, or within its delay. Of longer ago than evaluations are kept nothing is known.
 *
 * @param unit - in which windows are kept.
 */
export async function alertsOfEvents(
  { alerts, alertStates }: Stores,
  unit: AlertUnit,
  runId: string,
  events: readonly TextAtTime[],
): Promise<MatchedAlert[][]> {
  const found: MatchedAlert[][] = events.map(() => []);
  let turnEnds = performance.now() + TURN_MILLISECONDS;
  for (const { alert } of alerts.attachedTo(runId)) {
    const rule = readAlertRule(alert, unit);
    if (rule?.kind !== 'events') continue;
    const firings = firingsOf(alertStates.evaluations(alert.id, runId));
    if (firings.length === 0) continue;
    const matches = compilePattern(rule);
    for (const [index, event] of events.entries()) {
      const fired = firesBy(event, firings, matches);
      if (fired !== undefined) found[index]?.push({ id: alert.id, name: alert.name, fired });
      if (performance.now() < turnEnds) continue;
      await setImmediate();
      turnEnds = performance.now() + TURN_MILLISECONDS;
    }
  }
  return found;
}

/** @param evaluations - the newest first; of an alert on events each one is a change of its state. */
function firingsOf(evaluations: readonly Pick<EvaluationRow, 'timeUnixNano' | 'verdict'>[]): Firing[] {
  return evaluations.flatMap(({ timeUnixNano, verdict }, index) =>
    verdict === 'firing' ? [{ fromUnixNano: timeUnixNano, endUnixNano: evaluations[index - 1]?.timeUnixNano }] : [],
  );
}

/** Undefined = it is no match. */
function firesBy(
  { timeUnixNano, body }: TextAtTime,
  firings: readonly Firing[],
  matches: EventMatcher,
): boolean | undefined {
  const firing = firings.find(
    ({ fromUnixNano, endUnixNano }) =>
      timeUnixNano >= fromUnixNano - ROUNDING_NANO && (endUnixNano === undefined || timeUnixNano < endUnixNano),
  );
  return firing !== undefined && matches(body) ? timeUnixNano <= firing.fromUnixNano + ROUNDING_NANO : undefined;
}
