import { formatTimestamp } from 'simvue-otel/time';
import type { AlertUnit } from '../pipeline/alert-rule.ts';
import type { MatchedAlert } from '../pipeline/event-alerts.ts';
import type { EventRecord } from '../pipeline/telemetry.ts';
import { totalStepsOf } from '../pipeline/total-steps.ts';
import type { Visibility } from '../pipeline/visibility.ts';
import type { AlertRow, RunAlert } from '../store/alert-store.ts';
import type { ArraySummary } from '../store/array-store.ts';
import type { InstanceRow, RunRow } from '../store/catalog-store.ts';
import type { FolderRow } from '../store/folder-store.ts';
import type { TagRow } from '../store/tag-store.ts';
import type { EventHistogramBin, SeriesSummary } from '../store/telemetry-store.ts';
import type { AlertView, RunAlertView } from './contract/alert.ts';
import type { FolderView, InstanceView, RunListItem, RunProgress, RunView, TagView } from './contract/run.ts';
import type { EventHistogram, EventView, SeriesView } from './contract/telemetry.ts';
import type { Json } from './python-json.ts';

const DAY_MICROSECONDS = 86_400_000_000n;
/** OTLP severities 1-24 in steps of four: trace, debug, info, warn, error, fatal. */
const LEVELS = ['debug', 'debug', 'info', 'warning', 'error', 'critical'] as const;

const timestampOrNull = (timeUnixNano: bigint | null): string | null =>
  timeUnixNano === null ? null : formatTimestamp(timeUnixNano);
const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Start of a run as the `time` axis counts it, nanoseconds since the epoch. */
export const runOrigin = (run: RunRow): bigint => run.startedUnixNano ?? run.createdUnixNano;

/** What stands beside runs: which have the reader's star, the alerts of each, its colour, and how far it is where that was asked for. */
export interface RunMarks {
  readonly starred: ReadonlySet<string>;
  readonly alerts: ReadonlyMap<string, readonly RunAlert[]>;
  readonly colours: ReadonlyMap<string, number>;
  readonly alertUnit: AlertUnit;
  readonly progress?: ReadonlyMap<string, RunProgress>;
}

const visibilityView = ({ users, tenant, public: everybody }: Visibility) => ({
  users: [...users],
  tenant,
  public: everybody,
});

/** A run as lists show it. */
export function runListItem(run: RunRow, marks: RunMarks): RunListItem {
  return {
    id: run.id,
    name: run.name,
    folder: run.folder,
    status: run.status,
    description: run.description,
    tags: [...run.tags],
    metadata: run.metadata,
    system: Object.keys(run.system).length === 0 ? null : run.system,
    user: run.user,
    created: formatTimestamp(run.createdUnixNano),
    started: timestampOrNull(run.startedUnixNano),
    endtime: timestampOrNull(run.endedUnixNano),
    ended: timestampOrNull(run.endedUnixNano),
    modified: formatTimestamp(run.modifiedUnixNano),
    runtime: runtime(run),
    ttl: run.retentionSeconds,
    heartbeat_timeout: run.heartbeatTimeoutSeconds,
    notifications: { state: run.notification },
    visibility: visibilityView(run.visibility),
    starred: marks.starred.has(run.id),
    last_sign: timestampOrNull(run.lastSignUnixNano),
    attempt: run.attempt,
    exit_code: run.exitCode,
    exit_signal: run.exitSignal,
    external_id: run.externalId,
    colour: marks.colours.get(run.id) ?? 0,
    total_steps: totalStepsOf(run.metadata),
    progress: marks.progress?.get(run.id) ?? null,
  };
}

/** JSON of a run in a list with every key of the run view, for clients that take one for the other. */
export function simvueListItem(run: RunRow, metricsJson: Json, marks: RunMarks): Json[] {
  return withMetrics({ ...runListItem(run, marks), alerts: alertsView(run, marks), events: {} }, metricsJson);
}

/**
 * JSON of the whole run view.
 *
 * @param metricsJson - summaries of the metrics.
 * @param events - number of the run's events and time of the newest.
 */
export function runView(
  run: RunRow,
  metricsJson: Uint8Array,
  arrays: readonly ArraySummary[],
  events: { readonly count: number; readonly lastUnixNano: bigint | null },
  artifactCount: number,
  marks: RunMarks,
): Json[] {
  const view: Omit<RunView, 'metrics'> = {
    ...runListItem(run, marks),
    alerts: alertsView(run, marks),
    events: { count: events.count, last: timestampOrNull(events.lastUnixNano) },
    artifact_count: artifactCount,
  };
  return withMetrics(view, arrays.length === 0 ? metricsJson : withArrays(metricsJson, arrays));
}

function withMetrics(view: Omit<RunListItem, 'metrics'>, metricsJson: Json): Json[] {
  return [`${JSON.stringify(view).slice(0, -1)},"metrics":`, metricsJson, '}'];
}

function withArrays(metricsJson: Uint8Array, arrays: readonly ArraySummary[]): string {
  const metrics: RunView['metrics'] = JSON.parse(Buffer.from(metricsJson).toString());
  return JSON.stringify({ ...metrics, ...Object.fromEntries(arrays.map(arrayEntry)) });
}

/** A multi-dimensional metric among the others: it has no extremes. */
function arrayEntry(array: ArraySummary): [string, RunView['metrics'][string]] {
  const { count, maxStep: step, maxRunTimeSeconds: time, lastTimeUnixNano } = array;
  const none = { min: null, max: null, average: null, last: null };
  return [array.metric, { count, ...none, step, time, timestamp: formatTimestamp(lastTimeUnixNano) }];
}

/** `HH:MM:SS.ffffff` from start to end; null without both, and from 24 h on, which Simvue's clients cannot parse. */
function runtime({ startedUnixNano, endedUnixNano }: RunRow): string | null {
  if (startedUnixNano === null || endedUnixNano === null) return null;
  const micros = (endedUnixNano - startedUnixNano) / 1000n;
  if (micros < 0n || micros >= DAY_MICROSECONDS) return null;
  return formatTimestamp(micros * 1000n).slice(11);
}

export function folderView(folder: FolderRow, isStarred: boolean): FolderView {
  return {
    id: folder.id,
    path: folder.path,
    name: folder.name,
    description: folder.description,
    tags: [...folder.tags],
    metadata: folder.metadata,
    starred: isStarred,
    ttl: folder.retentionSeconds,
    created: formatTimestamp(folder.createdUnixNano),
    modified: formatTimestamp(folder.modifiedUnixNano),
    user: folder.user,
    visibility: visibilityView(folder.visibility),
    runs: folder.runs,
  };
}

/** @param unit - of windows. */
export function alertView(row: AlertRow, unit: AlertUnit): AlertView {
  const { id, name, description, notification, source, enabled, abort, auto, user } = row;
  const created = formatTimestamp(row.createdUnixNano);
  const rest = { run_tags: [...row.runTags], delay: row.delay, unit, alert: row.rule, created, user };
  return { id, name, description, notification, source, enabled, abort, auto, ...rest };
}

function alertsView({ id }: RunRow, { alerts, alertUnit }: RunMarks): RunAlertView[] {
  return (alerts.get(id) ?? []).map(({ alert, status, sinceUnixNano }) => ({
    alert: alertView(alert, alertUnit),
    status,
    since: timestampOrNull(sinceUnixNano),
  }));
}

export function tagView(tag: TagRow): TagView {
  const { id, name, colour, description, user, runs } = tag;
  return { id, name, colour, description, user, created: formatTimestamp(tag.createdUnixNano), runs };
}

export function instanceView(row: InstanceRow): InstanceView {
  return {
    instance: row.instance,
    role: row.role,
    first_sign: formatTimestamp(row.firstSignUnixNano),
    last_sign: formatTimestamp(row.lastSignUnixNano),
    ended: row.ended,
    system: row.system,
  };
}

export function seriesView(summary: SeriesSummary): SeriesView {
  const { id, definition, instance } = summary.series;
  const finite = summary.count - summary.nonFiniteCount;
  return {
    id,
    metric: definition.name,
    name: definition.displayName,
    attributes: Object.fromEntries(definition.attributes),
    instance,
    unit: definition.unit,
    temporality: definition.temporality,
    count: summary.count,
    min: finiteOrNull(summary.min),
    max: finiteOrNull(summary.max),
    mean: finite === 0 ? null : finiteOrNull(summary.sum / finite),
    last: finiteOrNull(summary.last),
    last_text: String(summary.last),
    last_step: finiteOrNull(summary.lastStep),
    non_finite: summary.nonFiniteCount,
    first_timestamp: formatTimestamp(summary.firstTimeUnixNano),
    last_timestamp: formatTimestamp(summary.lastTimeUnixNano),
  };
}

/** Level of an OTLP severity number in Simvue's words; null = unspecified. */
export function logLevel(severityNumber: number): (typeof LEVELS)[number] | null {
  return LEVELS[Math.ceil(severityNumber / 4) - 1] ?? null;
}

/** Least OTLP severity number of a level. */
export const leastSeverity = (level: (typeof LEVELS)[number]): number => LEVELS.indexOf(level) * 4 + 1;

export function eventView(
  event: EventRecord & { readonly instance: string },
  alerts: readonly MatchedAlert[],
): EventView {
  return {
    ...simvueEventView(event),
    event_name: event.eventName,
    attributes: event.attributes,
    instance: event.instance,
    alerts: [...alerts],
  };
}

/** An event with exactly the three keys that Simvue's clients allow. */
export function simvueEventView(event: EventRecord): Pick<EventView, 'timestamp' | 'message' | 'log_level'> {
  return {
    timestamp: formatTimestamp(event.timeUnixNano),
    message: event.body,
    log_level: logLevel(event.severityNumber),
  };
}

export function histogramView(bins: readonly EventHistogramBin[]): EventHistogram {
  return {
    data: bins.map(({ fromUnixNano, error, warn, info, debug }) => ({
      timestamp: formatTimestamp(fromUnixNano),
      error,
      warn,
      info,
      debug,
    })),
  };
}
