import { inspect } from 'node:util';
import { attributeValue, type MetadataValue } from './attributes.ts';
import { SimvueError } from './errors.ts';
import { exceptionAttributes, isError } from './exception.ts';
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
  const error = isError(message) ? message : undefined;
  const given = options.level ?? (error === undefined ? 'info' : 'error');
  const level = (typeof given === 'string' ? given.toLowerCase() : given) as Level;
  if (!Object.hasOwn(LEVELS, level)) {
    const levels = Object.keys(LEVELS).join(', ');
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `level "${given}" is not one of ${levels}`);
  }
  const attributes = error === undefined ? new Map() : exceptionAttributes(error);
  for (const [key, value] of Object.entries(options.attributes ?? {})) {
    if (value !== undefined) attributes.set(key, attributeValue(value, key));
  }
  return {
    timeUnixNano: options.timestamp === undefined ? undefined : timestampToUnixNano(options.timestamp),
    severityNumber: LEVELS[level],
    severityText: level.toUpperCase(),
    body: error === undefined ? textOf(message) : `${error.name}: ${error.message}`,
    attributes,
  };
}

/** Programs without types log what they have: it is kept as `console.log` prints it. */
function textOf(message: unknown): string {
  return typeof message === 'string' ? message : inspect(message);
}
