import type { HrTime, TimeInput } from '@opentelemetry/api';
import type { LogRecord } from '@opentelemetry/api-logs';
import type { MetadataValue } from '../attributes.ts';
import { exceptionAttributes } from '../exception.ts';
import type { Run } from '../run.ts';
import { EVENT_NAME_ATTRIBUTE } from '../semconv.ts';
import { hrTimeToUnixNano } from '../time.ts';
import { levelOfSeverity, reaches, type Threshold } from './severity.ts';

/**
 * Makes an event of a record of OpenTelemetry's logs API, with its time, level, name and attributes.
 *
 * @param threshold - records below it are left out.
 */
export function logOtelRecord(run: Pick<Run, 'logEvent'>, record: LogRecord, threshold: Threshold): void {
  const level = levelOfSeverity(record.severityNumber ?? 0);
  if (!reaches(level, threshold)) return;
  const timestamp = timeUnixNano(record.timestamp);
  run.logEvent(textOf(record.body), {
    level,
    ...(timestamp === undefined ? {} : { timestamp }),
    attributes: defined({
      ...(record.exception === undefined ? {} : Object.fromEntries(exceptionAttributes(record.exception))),
      ...mapBody(record.body),
      ...record.attributes,
      [EVENT_NAME_ATTRIBUTE]: record.eventName,
    }),
  });
}

function defined(attributes: object): Record<string, MetadataValue> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** A body of several values goes with the attributes, where `simvue.metrics` records have theirs. */
function mapBody(body: LogRecord['body']): object {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && !(body instanceof Uint8Array) ? body : {};
}

function textOf(body: LogRecord['body']): string {
  if (typeof body === 'string') return body;
  return body === undefined || body === null ? '' : JSON.stringify(body);
}

/** OpenTelemetry takes `[seconds, nanoseconds]`, a date, milliseconds since 1970, and `performance.now()`. */
function timeUnixNano(time: TimeInput | undefined): bigint | undefined {
  if (time === undefined) return undefined;
  if (Array.isArray(time)) return hrTimeToUnixNano(time as HrTime);
  const millis = time instanceof Date ? time.getTime() : (time as number);
  return BigInt(Math.round((millis < performance.timeOrigin ? performance.timeOrigin + millis : millis) * 1e6));
}
