import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { EVENT_NAME_ATTRIBUTE, EXCEPTION } from '../semconv.ts';
import { formatTimestamp, hrTimeToUnixNano } from '../time.ts';

/** What is read of a log record. */
export type SimvueRecord = Pick<ReadableLogRecord, 'hrTime' | 'severityNumber' | 'body' | 'eventName' | 'attributes'>;

export type RecordAttributes = SimvueRecord['attributes'];

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
export function eventNameOf({ eventName, attributes }: SimvueRecord): string {
  const name = eventName ?? attributes[EVENT_NAME_ATTRIBUTE];
  return typeof name === 'string' && name.startsWith('simvue.') ? name : '';
}

/** What an event is made of. */
export interface EventSource {
  readonly timeUnixNano: bigint;
  /** OTLP severity number, 0 = none. */
  readonly severityNumber: number;
  readonly body: unknown;
  readonly eventName: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A log record of the SDK as an event. */
export function eventEntry({ hrTime, severityNumber = 0, body, eventName = '', attributes }: SimvueRecord): EventEntry {
  return entryOfEvent({ timeUnixNano: hrTimeToUnixNano(hrTime), severityNumber, body, eventName, attributes });
}

/** A log record as an event; its attributes have no place there, save the stack of an exception. */
export function entryOfEvent({ timeUnixNano, severityNumber, body, eventName, attributes }: EventSource): EventEntry {
  const { [EXCEPTION.type]: type, [EXCEPTION.message]: message = '', [EXCEPTION.stacktrace]: stack } = attributes;
  const substitute = type === undefined ? eventName : `${type}: ${message}`;
  const text =
    typeof body === 'string'
      ? body
      : body === undefined
        ? substitute
        : body instanceof Uint8Array
          ? Buffer.from(body).toString('base64')
          : JSON.stringify(body);
  return {
    message: typeof stack !== 'string' ? text : stack.startsWith(text) ? stack : `${text}\n${stack}`,
    timestamp: formatTimestamp(timeUnixNano),
    log_level: LEVELS.find(([least]) => severityNumber >= least)?.[1] ?? null,
  };
}
