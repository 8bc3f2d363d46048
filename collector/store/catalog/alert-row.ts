import { hashId } from '../../pipeline/run-id.ts';
import type { AlertDefinition, AlertRow, AlertRule } from '../alert-store.ts';
import type { SqlParameter, SqlRow } from '../sqlite-database.ts';

/** Columns of the table `alert`, in the order of {@link parametersOf}. */
export const ALERT_COLUMNS = [
  'id',
  'name',
  'source',
  'definition',
  'description',
  'notification',
  'enabled',
  'abort',
  'auto',
  'run_tags',
  'delay',
  'digest',
  'user',
  'tenant',
  'created',
  'revision',
] as const;

/** An alert as a row of the table. */
export function parametersOf(row: AlertRow): SqlParameter[] {
  return [
    row.id,
    row.name,
    row.source,
    row.rule === null ? null : JSON.stringify(row.rule),
    row.description,
    row.notification,
    row.enabled ? 1 : 0,
    row.abort ? 1 : 0,
    row.auto ? 1 : 0,
    JSON.stringify(row.runTags),
    row.delay,
    digestOf(row, row.tenant),
    row.user,
    row.tenant,
    row.createdUnixNano,
    row.revision,
  ];
}

/** The same for two definitions that say the same, whatever the order of their fields; whether it is enabled does not matter. */
export function digestOf(definition: AlertDefinition, tenant: string): string {
  const { name, source, rule, notification, abort, description, delay, auto, runTags } = definition;
  const fields = Object.entries(rule ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return hashId(
    'alert',
    JSON.stringify([tenant, name, source, fields, notification, abort, description, delay, auto, runTags]),
  );
}

/** A row of the table as an alert. @param row - read with `bigints`. */
export function readAlert(row: SqlRow): AlertRow {
  const definition = row['definition'] as string | null;
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    source: row['source'] as AlertRow['source'],
    rule: definition === null ? null : (JSON.parse(definition) as AlertRule),
    description: row['description'] as string | null,
    notification: row['notification'] as string,
    enabled: row['enabled'] === 1n,
    abort: row['abort'] === 1n,
    auto: row['auto'] === 1n,
    runTags: JSON.parse(row['run_tags'] as string) as string[],
    delay: Number(row['delay']),
    user: row['user'] as string,
    tenant: row['tenant'] as string,
    createdUnixNano: row['created'] as bigint,
    revision: Number(row['revision']),
  };
}
