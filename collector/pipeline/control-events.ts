import { EVENT, RUN_EVENT, TERMINAL_STATUSES } from 'simvue-otel/semconv';
import { type AlertEvent, readAlertEvent } from './alert-events.ts';
import type { AlertUnit } from './alert-rule.ts';
import { AttributeReader, defined } from './change-attributes.ts';
import { normalizeFolder } from './change-limits.ts';
import type { RunChange } from './run-change.ts';
import { hashId } from './run-id.ts';
import type { EventRecord } from './telemetry.ts';
import { parseVisibility, type Visibility } from './visibility.ts';

/** `lost` is found, not told. */
const SETTABLE_STATUSES = ['created', 'running', ...TERMINAL_STATUSES] as const;
const NOTIFICATIONS = ['none', 'all', 'error', 'lost'] as const;
const ROLES = ['owner', 'member'] as const;

/** Records of one part, told apart. */
export interface ControlEvents {
  readonly changes: readonly RunChange[];
  /** What `simvue.alert.*` records ask for. */
  readonly alerts: readonly AlertEvent[];
  /** Records that are events of the run. */
  readonly events: readonly EventRecord[];
  /** Why an attribute of a change was left out, with the fix. */
  readonly refusals: readonly string[];
}

/** Takes the `simvue.run.*` and `simvue.alert.*` records out of the events of a part. */
export function readControlEvents(
  records: readonly EventRecord[],
  instance: string,
  alertUnit: AlertUnit = 'minutes',
): ControlEvents {
  if (!records.some(isControl)) return { changes: [], alerts: [], events: records, refusals: [] };
  const alerts: AlertEvent[] = [];
  const changes: RunChange[] = [];
  const refusals: string[] = [];
  for (const record of records) {
    if (!isControl(record) || record.eventName === EVENT.runHeartbeat) continue;
    const reader = new AttributeReader(record.attributes);
    if (record.eventName === EVENT.alertDefine || record.eventName === EVENT.alertStatus) {
      const alert = readAlertEvent(record, reader, alertUnit);
      if (alert !== undefined) alerts.push(alert);
      refusals.push(...reader.problems);
      continue;
    }
    const change = readChange(record, instance, reader);
    if (change === undefined)
      refusals.push(`event name ${record.eventName} is reserved and unknown: choose another name`);
    else changes.push(change);
    refusals.push(...reader.problems);
  }
  return { changes, alerts, events: records.filter((record) => !isControl(record)), refusals };
}

function isControl({ eventName }: EventRecord): boolean {
  return eventName.startsWith('simvue.run.') || eventName.startsWith('simvue.alert.');
}

function readChange(record: EventRecord, instance: string, reader: AttributeReader): RunChange | undefined {
  const base = { timeUnixNano: record.timeUnixNano, uid: uidOf(record, instance), instance };
  switch (record.eventName) {
    case EVENT.runStart: {
      const status = reader.oneOf(RUN_EVENT.status, ['created', 'running']) ?? 'running';
      const attempt = reader.number(RUN_EVENT.attempt);
      const role = reader.oneOf(RUN_EVENT.role, ROLES);
      const firstStep = reader.number(RUN_EVENT.firstStep);
      return { ...base, lifecycle: { status, ...defined({ attempt, role, firstStep }) } };
    }
    case EVENT.runEnd: {
      const status = reader.oneOf(RUN_EVENT.status, TERMINAL_STATUSES);
      if (status === undefined) {
        if (reader.problems.length === 0)
          reader.problems.push(`${RUN_EVENT.status} is missing: give completed, failed or terminated`);
        return base;
      }
      const attempt = reader.number(RUN_EVENT.attempt);
      const role = reader.oneOf(RUN_EVENT.role, ROLES);
      const exitCode = reader.number(RUN_EVENT.exitCode);
      const exitSignal = reader.text(RUN_EVENT.exitSignal);
      return { ...base, lifecycle: { status, ...defined({ attempt, role, exitCode, exitSignal }) } };
    }
    case EVENT.runUpdate:
      return { ...base, ...readUpdate(reader) };
    default:
      return undefined;
  }
}

function readUpdate(reader: AttributeReader): Partial<RunChange> {
  const status = reader.oneOf(RUN_EVENT.status, SETTABLE_STATUSES);
  const path = reader.name(RUN_EVENT.folderPath);
  return defined({
    name: reader.name(RUN_EVENT.name),
    description: reader.text(RUN_EVENT.description),
    metadataSet: reader.metadata(RUN_EVENT.metadataPrefix),
    metadataRemoved: reader.list(RUN_EVENT.metadataRemoved),
    tagsAdded: reader.tags(RUN_EVENT.tagsAdded),
    tagsRemoved: reader.list(RUN_EVENT.tagsRemoved),
    tagsSet: reader.tags(RUN_EVENT.tagsSet),
    notification: reader.oneOf(RUN_EVENT.notification, NOTIFICATIONS),
    visibility: visibilityOf(reader.text(RUN_EVENT.visibility)),
    retentionSeconds: reader.number(RUN_EVENT.retention),
    lifecycle: status === undefined ? undefined : { status },
    folderDetails:
      path === undefined
        ? undefined
        : {
            path: normalizeFolder(path),
            ...defined({
              metadata: reader.under(RUN_EVENT.folderMetadataPrefix),
              tags: reader.tags(RUN_EVENT.folderTags),
              description: reader.text(RUN_EVENT.folderDescription),
            }),
          },
  });
}

/** The record's own uid, or one made of its content: the same record always has the same. */
function uidOf(record: EventRecord, instance: string): string {
  return record.uid ?? hashId('change', instance, record.eventName, record.body, JSON.stringify(record.attributes));
}

function visibilityOf(text: string | undefined): Visibility | undefined {
  return text === undefined ? undefined : parseVisibility(text);
}
