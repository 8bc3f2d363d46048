import { formatTimestamp } from 'simvue-otel/time';
import type { Evaluation } from '../alert/evaluation.ts';
import type { OutboxRow } from '../store/alert-state-store.ts';
import type { AlertRow } from '../store/alert-store.ts';
import type { RunRow } from '../store/catalog-store.ts';
import { channelsOf } from './alert-channels.ts';
import { foundText } from './alert-found.ts';
import { type AlertUnit, ruleText } from './alert-rule.ts';
import { hashId } from './run-id.ts';

/** What a channel is told: also the JSON that a webhook gets (there with `url` and `sparkline`). Times are UTC, microseconds, without zone. */
export interface AlertMessage {
  /** The same when it is sent again. */
  readonly id: string;
  /** `firing`, `resolved`, `no data` of an alert; the status of a run in a message about a run. */
  readonly state: string;
  readonly time: string;
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly folder: string;
    readonly status: string;
    readonly user: string;
    readonly tags: readonly string[];
  };
  /** Absent in messages about a run. */
  readonly alert?: {
    readonly id: string;
    readonly name: string;
    readonly description: string | null;
    /** The rule in words. */
    readonly rule: string;
    readonly series: string;
    /** Firing asks the run to stop. */
    readonly abort: boolean;
    /** What was found, in words; null of alerts that are told. */
    readonly found: string | null;
    /** Null = no data. */
    readonly value: number | string | null;
    readonly points: number;
    /** The window is (from, time]. */
    readonly from: string;
    /** Why it is over, when it is not for what the rule looks at. */
    readonly note?: string;
  };
}

/** How a channel fares. Times are milliseconds since the epoch. */
export interface ChannelHealth {
  readonly name: string;
  readonly sentMessages: number;
  /** Messages it has not taken yet; more than 10,000 are not counted. */
  readonly waitingMessages: number;
  /** Attempts that failed since the last success. */
  readonly failures: number;
  readonly lastError: string | undefined;
  readonly lastSentAt: number | undefined;
}

/** Where messages can go. */
export interface Channels {
  has(name: string): boolean;
  /** Told of runs that end or are lost, as the runs themselves want it. */
  readonly forRuns: readonly string[];
}

/** The messages about a change of an alert, one for each of its channels. */
export function alertMessages(
  run: RunRow,
  alert: AlertRow,
  series: string,
  evaluation: Evaluation,
  startUnixNano: bigint,
  unit: AlertUnit,
): OutboxRow[] {
  const timeUnixNano = startUnixNano + BigInt(Math.round(evaluation.timeNano));
  const { state, value } = evaluation;
  const id = hashId('alert', alert.id, run.id, series, String(timeUnixNano), state);
  const message: AlertMessage = {
    id,
    state: state === 'ok' ? 'resolved' : state,
    time: formatTimestamp(timeUnixNano),
    run: runOf(run),
    alert: {
      id: alert.id,
      name: alert.name,
      description: alert.description,
      rule: ruleText(alert, unit),
      series,
      abort: alert.abort,
      found: foundText(alert, evaluation),
      value: value === undefined ? null : Number.isFinite(value) ? value : String(value),
      points: evaluation.points,
      from: formatTimestamp(startUnixNano + BigInt(Math.round(evaluation.fromNano))),
    },
  };
  const row = { id, runId: run.id, alertId: alert.id, series, state, timeUnixNano, message: JSON.stringify(message) };
  return channelsOf(alert.notification).map((channel) => ({ ...row, channel }));
}

/** The messages about the end or loss of a run, when its settings want them. */
export function runMessages(run: RunRow, channels: readonly string[], nowUnixNano: bigint): OutboxRow[] {
  const { status, notification } = run;
  const isWanted =
    (notification === 'all' && ['completed', 'failed', 'terminated', 'lost'].includes(status)) ||
    (notification === 'error' && (status === 'failed' || status === 'lost')) ||
    (notification === 'lost' && status === 'lost');
  if (!isWanted) return [];
  const timeUnixNano = run.endedUnixNano ?? nowUnixNano;
  const id = hashId('run', run.id, String(run.attempt), status, String(run.endedUnixNano));
  const message: AlertMessage = { id, state: status, time: formatTimestamp(timeUnixNano), run: runOf(run) };
  const row = {
    id,
    runId: run.id,
    alertId: '',
    series: '',
    state: status,
    timeUnixNano,
    message: JSON.stringify(message),
  };
  return channels.map((channel) => ({ ...row, channel }));
}

function runOf({ id, name, folder, status, user, tags }: RunRow): AlertMessage['run'] {
  return { id, name, folder, status, user, tags };
}
