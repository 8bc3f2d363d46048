import type { AlertView } from '../../../collector/api/contract/alert.ts';
import type { RunListItem } from '../../../collector/api/contract/run.ts';
import type { StalledRun } from '../../../collector/api/contract/stalled.ts';
import { alertState } from './alert-state.ts';
import { ruleInWords } from './alert-words.ts';
import { formatNumber, plural } from './numbers.ts';
import { ageOf, durationOf } from './run-row.ts';
import { formatSetting, parseTimestamp } from './time.ts';

/** Something of a run that somebody should look at. */
export interface Concern {
  /** The same as long as it is the same matter; an alert that fires again is another one. */
  readonly key: string;
  readonly kind: 'firing' | 'failed' | 'lost' | 'stalled';
  readonly run: RunListItem;
  readonly title: string;
  readonly detail: string;
  /** The one that fires: its rule is the detail. */
  readonly alert?: AlertView;
  /** Metric whose curve tells more than that of the run's first one. */
  readonly metric?: string;
  /** When it began, seconds since the epoch. */
  readonly at: number;
}

/** What needs a look, the newest first, alerts of runs that have ended after all else. @param now - seconds since the epoch. */
export function concernsOf(
  runs: {
    readonly firing: readonly RunListItem[];
    readonly failed: readonly RunListItem[];
    readonly lost: readonly RunListItem[];
    readonly stalled: readonly StalledRun[];
  },
  now: number,
): Concern[] {
  const found = [
    ...runs.firing.flatMap(firingOf),
    ...runs.failed.map(failureOf),
    ...runs.lost.map(lossOf),
    ...runs.stalled.map((stalled) => stallOf(stalled, now)),
  ];
  return found.sort((a, b) => Number(isPast(a)) - Number(isPast(b)) || b.at - a.at || (a.key < b.key ? -1 : 1));
}

/** An alert that fires in a run that has ended: nothing changes it any more. */
export const isPast = ({ kind, run }: Concern): boolean => kind === 'firing' && run.status !== 'running';

const keyOf = (kind: Concern['kind'], run: RunListItem, ...rest: readonly (string | null)[]): string =>
  [kind, run.id, ...rest].join(' ');

function firingOf(run: RunListItem): Concern[] {
  // That it has failed is a matter of its own, whoever has an alert on it.
  const firing = (run.alerts ?? []).filter((entry) => alertState(entry) === 'firing' && entry.alert.source !== 'run');
  return firing.map(({ alert, since }) => {
    const metric = alert.source === 'metrics' ? String(alert.alert?.['metric']) : '*';
    const rest = metric.includes('*') ? {} : { metric };
    const at = parseTimestamp(since ?? run.created);
    return {
      key: keyOf('firing', run, alert.id, since),
      kind: 'firing',
      ...{ run, title: alert.name, detail: ruleInWords(alert), alert, at },
      ...rest,
    };
  });
}

function failureOf(run: RunListItem): Concern {
  const { exit_code: code, exit_signal: signal } = run;
  const title = signal !== null ? `Ended by ${signal}` : code !== null ? `Exit code ${code}` : 'Failed';
  const at = parseTimestamp(run.endtime ?? run.modified);
  const detail = `after ${durationOf(run, at)}`;
  return { key: keyOf('failed', run, run.endtime), kind: 'failed', run, title, detail, at };
}

function lossOf(run: RunListItem): Concern {
  const { heartbeat_timeout: timeout, system } = run;
  const host = typeof system?.['hostname'] === 'string' ? `; host ${system['hostname']}` : '';
  const detail = `${timeout === null ? 'it went silent' : `time-out ${formatSetting(timeout)}`}${host}`;
  const at = parseTimestamp(run.last_sign ?? run.created);
  return { key: keyOf('lost', run, run.last_sign), kind: 'lost', run, title: 'No sign of life', detail, at };
}

function stallOf({ run, metric, points, pause_seconds: pause, last }: StalledRun, now: number): Concern {
  const detail = `${plural(points, 'point')} of ${metric}, one each ${formatNumber(pause)} s; last sign of life ${ageOf(run.last_sign, now)}`;
  const at = parseTimestamp(last);
  return { key: keyOf('stalled', run, last), kind: 'stalled', run, title: 'No new point', detail, metric, at };
}
