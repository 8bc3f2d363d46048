import { inspect } from 'node:util';
import { attributeValue, type MetadataValue } from './attributes.ts';
import { SimvueError } from './errors.ts';
import { exceptionAttributes, isError } from './exception.ts';
import { LEVELS, type Level } from './log-record.ts';
import type { NewRecord } from './run-session.ts';
import { MAX_EVENT_BYTES } from './semconv.ts';
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
 * Makes an event of a message or an error; of a text above 256 KiB as many as it takes, one after the other.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for a level, timestamp or attribute that cannot be sent.
 */
export function eventRecords(message: string | Error, options: LogEventOptions): NewRecord[] {
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
  const record = {
    timeUnixNano: options.timestamp === undefined ? undefined : timestampToUnixNano(options.timestamp),
    severityNumber: LEVELS[level],
    severityText: level.toUpperCase(),
  };
  if (error !== undefined) return [{ ...record, body: errorBody(error), attributes }];
  return textParts(textOf(message)).map((body) => ({ ...record, body, attributes: new Map(attributes) }));
}

/** An error in a line; what does not fit is in its attributes. */
export function errorBody({ name, message }: Error, before = ''): string {
  return textParts(`${before}${name}: ${message}`)[0] ?? '';
}

/** Parts that an event has room for, cut between characters. */
function textParts(text: string): string[] {
  if (text.length * 3 <= MAX_EVENT_BYTES || Buffer.byteLength(text) <= MAX_EVENT_BYTES) return [text];
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + MAX_EVENT_BYTES, bytes.length);
    while (isInsideCharacter(bytes[end])) end--;
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return parts;
}

function isInsideCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Programs without types log what they have: it is kept as `console.log` prints it. */
function textOf(message: unknown): string {
  return typeof message === 'string' ? message : inspect(message);
}
