import { UnavailableError } from './control/answer-error.ts';
import { errorText, SimvueError } from './errors.ts';
import { isTransientStatus } from './http-answer.ts';

/** What a server said to one request, reduced to what the sender does about it. */
export type DeliveryAnswer =
  | { readonly kind: 'accepted' }
  /** The request is larger than the server takes: send less at once. */
  | { readonly kind: 'too-large'; readonly reason: string }
  /** The server cannot take something in the request: find the frame. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** Address or credentials are wrong: the data is kept, the setting must be mended. */
  | { readonly kind: 'misconfigured'; readonly reason: string }
  /** Overload, fault or no connection: the same again later. */
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMillis?: number };

/**
 * Sorts an HTTP status.
 *
 * @see design of the client engine; https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function answerOfStatus(status: number, reason: string, retryAfterMillis?: number): DeliveryAnswer {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 413) return { kind: 'too-large', reason };
  if (status === 400 || status === 422) return { kind: 'malformed', reason };
  if (isTransientStatus(status)) {
    return { kind: 'retry', reason, ...(retryAfterMillis === undefined ? {} : { retryAfterMillis }) };
  }
  return { kind: 'misconfigured', reason };
}

const MISCONFIGURED_CODES: ReadonlySet<string> = new Set([
  'SIMVUE_ERR_UNAUTHORISED',
  'SIMVUE_ERR_FORBIDDEN',
  'SIMVUE_ERR_NOT_FOUND',
  'SIMVUE_ERR_MALFORMED',
]);

/** Sorts what a request to the REST API failed with. */
export function answerOfError(error: unknown): DeliveryAnswer {
  const reason = errorText(error);
  if (error instanceof UnavailableError) {
    const { retryAfterMillis } = error;
    return { kind: 'retry', reason, ...(retryAfterMillis === undefined ? {} : { retryAfterMillis }) };
  }
  if (!(error instanceof SimvueError)) return { kind: 'retry', reason };
  if (error.code === 'SIMVUE_ERR_TOO_LARGE') return { kind: 'too-large', reason };
  return { kind: MISCONFIGURED_CODES.has(error.code) ? 'misconfigured' : 'malformed', reason };
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date; undefined when it says neither.
 */
export function parseRetryAfter(header: string | undefined, nowMillis: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMillis);
}

const FIRST_DELAY_MILLIS = 500;
const MAX_DELAY_MILLIS = 30_000;
/** A longer wish of the server is cut: a wrong header must not silence a run for hours. */
const MAX_RETRY_AFTER_MILLIS = 300_000;

/**
 * Delay before the next attempt: exponential with jitter, and not before the server wants it.
 *
 * @param failures - failed attempts so far, at least 1.
 */
export function retryDelayMillis(failures: number, retryAfterMillis = 0, random = Math.random()): number {
  const ceiling = Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS * 2 ** Math.min(failures - 1, 16));
  return Math.max(ceiling * (0.5 + random / 2), Math.min(retryAfterMillis, MAX_RETRY_AFTER_MILLIS));
}
