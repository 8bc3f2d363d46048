import { attributeValue, type MetadataValue } from './attributes.ts';
import { SimvueError } from './errors.ts';
import { exceptionAttributes } from './exception.ts';
import { LEVELS, type Level } from './log-record.ts';
import type { NewRecord } from './run-session.ts';
import { type Timestamp, timestampToUnixNano } from './timestamp.ts';

/** What goes with an event. */
export interface LogEventOptions {
  /** Default: now. */
  readonly timestamp?: Timestamp;
  /** Default `info`, for an `Error` `error`. */
  readonly level?: Level;
  readonly attributes?: Readonly<Record<string, MetadataValue>>;
}

/**
 * Makes an event of a message or an error.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for a level, timestamp or attribute that cannot be sent.
 */
export function eventRecord(message: string | Error, options: LogEventOptions): NewRecord {
  const error = message instanceof Error ? message : undefined;
  const level = options.level ?? (error === undefined ? 'info' : 'error');
  if (!Object.hasOwn(LEVELS, level)) {
    const levels = Object.keys(LEVELS).join(', ');
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `level "${level}" is not one of ${levels}`);
  }
  const attributes = error === undefined ? new Map() : exceptionAttributes(error);
  for (const [key, value] of Object.entries(options.attributes ?? {})) attributes.set(key, attributeValue(value, key));
  return {
    timeUnixNano: options.timestamp === undefined ? undefined : timestampToUnixNano(options.timestamp),
    severityNumber: LEVELS[level],
    severityText: level.toUpperCase(),
    body: error === undefined ? String(message) : `${error.name}: ${error.message}`,
    attributes,
  };
}
