import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import { NO_WINDOW } from '../alert/evaluation.ts';
import type { AlertStateStore } from '../store/alert-state-store.ts';
import type { AlertDefinition, AlertRow, AlertStatus, AlertStore, RunAlert } from '../store/alert-store.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { AlertEvent } from './alert-events.ts';
import { alertMessages, type Channels } from './alert-message.ts';
import { type AlertUnit, judgedRuleText, readAlertRule } from './alert-rule.ts';
import { isTerminal } from './run-lifecycle.ts';

export interface AlertCommandsParts {
  readonly alerts: Pick<AlertStore, 'create' | 'add' | 'attachedTo' | 'hasHad' | 'status'>;
  readonly states: Pick<AlertStateStore, 'load' | 'save'>;
  readonly catalog: Pick<CatalogStore, 'findRun' | 'ownerOf'>;
  readonly channels: Channels;
  readonly unit: AlertUnit;
  /** Wall time, milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onRunChanged: (runId: string) => void;
  readonly onMessages: () => void;
}

/** When the events of a request come. */
export interface AlertContext {
  /** The run had ended before the request. */
  readonly hadEnded: boolean;
  /** The request is read from the log again. */
  readonly isReplay: boolean;
}

/** What programs and people say of alerts themselves: that there is one, and how one stands. */
export class AlertCommands {
  readonly #parts: AlertCommandsParts;

  constructor(parts: AlertCommandsParts) {
    this.#parts = parts;
  }

  get unit(): AlertUnit {
    return this.#parts.unit;
  }

  /**
   * Durable when it resolves; the same events again change nothing. A run that has ended keeps the alerts that have judged it.
   *
   * @param context - whether the run had ended before the request of these events, and whether they were applied before.
   * @returns why some had no effect.
   */
  async apply(
    runId: string,
    events: readonly AlertEvent[],
    { hadEnded, isReplay }: AlertContext,
  ): Promise<readonly string[]> {
    const { alerts, catalog } = this.#parts;
    const owner = catalog.ownerOf(runId);
    if (owner === undefined) return [];
    const refusals: string[] = [];
    for (const event of events) {
      if (event.kind === 'define') {
        const { name } = event.definition;
        const kept = hadEnded ? alerts.attachedTo(runId).find(({ alert }) => alert.name === name) : undefined;
        if (kept !== undefined) {
          if (!isReplay && !this.#isKnown(runId, kept.alert, event.definition)) refusals.push(nameTaken(kept.alert));
          continue;
        }
        const { id } = await alerts.create(event.definition, { user: owner.user, tenant: owner.tenant }, true);
        await alerts.add(runId, [id]);
        continue;
      }
      const told = alerts.attachedTo(runId).find((one) => isNamed(one, event));
      if (told === undefined) refusals.push(`the run has no user alert ${event.name ?? event.id}: define it first`);
      else if (told.status !== event.status) await this.tell(told.alert, runId, event.status, owner.user);
    }
    return refusals;
  }

  /** True when the run has or had this alert, or this is the one it has with its times in another unit. */
  #isKnown(runId: string, kept: AlertRow, definition: AlertDefinition): boolean {
    const { alerts, states, unit } = this.#parts;
    if (alerts.hasHad(runId, { ...definition, tenant: kept.tenant })) return true;
    const text = judgedRuleText(readAlertRule(definition, unit), kept.revision);
    // In the unit of today what has judged the run is another rule.
    if (text === judgedRuleText(readAlertRule(kept, unit), kept.revision)) return false;
    return states.load(runId).watches.some(({ alertId, rule }) => alertId === kept.id && rule === text);
  }

  /** Sets the status of a user alert in a run; a critical one stops the run when it is to, and is told to its channels. */
  async tell(alert: AlertRow, runId: string, status: AlertStatus, user: string): Promise<void> {
    const { alerts, catalog, states, clock, channels, unit, onRunChanged, onMessages } = this.#parts;
    const previous = await alerts.status(alert.id, runId);
    const run = catalog.findRun(runId);
    if (run === undefined || status === previous) return;
    const isFiring = status === 'critical';
    const now = BigInt(clock()) * NANOS_PER_MILLISECOND;
    const evaluation = {
      ...NO_WINDOW,
      timeNano: 0,
      verdict: isFiring ? 'firing' : 'ok',
      previous: isFiring ? 'ok' : 'firing',
      state: isFiring ? 'firing' : 'ok',
    } as const;
    const wasTold = isFiring || previous === 'critical';
    const messages = wasTold ? alertMessages(run, alert, '', evaluation, now, unit) : [];
    const isStopped = isFiring && alert.abort && !isTerminal(run.status);
    states.save({
      ...NOTHING,
      statuses: [{ runId, alertId: alert.id, status }],
      outbox: messages.filter(({ channel }) => channels.has(channel)),
      aborts: isStopped ? [{ runId, reason: `alert ${JSON.stringify(alert.name)} is critical`, user }] : [],
    });
    onRunChanged(runId);
    if (messages.length > 0) onMessages();
  }
}

function nameTaken({ id, name }: AlertRow): string {
  const why = 'the run has ended and keeps the other alert of this name that it has';
  return `simvue.alert.name ${JSON.stringify(name)} is taken: ${why}; choose another name, or change that one (PUT /api/alerts/${id})`;
}

const NOTHING = { watches: [], reached: new Map(), position: undefined } as const;

function isNamed(
  { alert }: RunAlert,
  { id, name }: { readonly id: string | undefined; readonly name: string | undefined },
): boolean {
  return alert.source === 'user' && (id === undefined ? alert.name === name : alert.id === id);
}
