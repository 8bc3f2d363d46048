import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { EVENT_NAME_ATTRIBUTE, EXCEPTION } from '../semconv.ts';
import { formatTimestamp, hrTimeToUnixNano } from '../time.ts';

/** A line of a run's log, as `POST /api/events` takes it. */
export interface EventEntry {
  readonly message: string;
  readonly timestamp: string;
  readonly log_level: string | null;
}

/** Least OTLP severity numbers of Simvue's levels. */
const LEVELS = [
  [21, 'critical'],
  [17, 'error'],
  [13, 'warning'],
  [9, 'info'],
  [1, 'debug'],
] as const;

/** Reserved name of a record, empty for a plain line. */
export function eventNameOf({ eventName, attributes }: ReadableLogRecord): string {
  const name = eventName ?? attributes[EVENT_NAME_ATTRIBUTE];
  return typeof name === 'string' && name.startsWith('simvue.') ? name : '';
}

/** A log record as an event; its attributes have no place there, save the stack of an exception. */
export function eventEntry(record: ReadableLogRecord): EventEntry {
  const { hrTime, severityNumber = 0, body, attributes } = record;
  const text = typeof body === 'string' ? body : body === undefined ? exceptionText(record) : JSON.stringify(body);
  const stack = attributes[EXCEPTION.stacktrace];
  return {
    message: typeof stack === 'string' ? `${text}\n${stack}` : text,
    timestamp: formatTimestamp(hrTimeToUnixNano(hrTime)),
    log_level: LEVELS.find(([least]) => severityNumber >= least)?.[1] ?? null,
  };
}

function exceptionText({ attributes, eventName = '' }: ReadableLogRecord): string {
  const { [EXCEPTION.type]: type, [EXCEPTION.message]: message } = attributes;
  return type === undefined ? eventName : `${type}: ${message ?? ''}`;
}
