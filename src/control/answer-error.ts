import { type ErrorCode, SimvueError } from '../errors.ts';
import { isTransientStatus } from '../http-answer.ts';

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'SIMVUE_ERR_INVALID_ARGUMENT',
  401: 'SIMVUE_ERR_UNAUTHORISED',
  403: 'SIMVUE_ERR_FORBIDDEN',
  404: 'SIMVUE_ERR_NOT_FOUND',
  409: 'SIMVUE_ERR_CONFLICT',
  413: 'SIMVUE_ERR_TOO_LARGE',
  415: 'SIMVUE_ERR_MEDIA_TYPE',
  422: 'SIMVUE_ERR_INVALID_ARGUMENT',
};

/** The server does not answer, or not now: the same request may succeed later. */
export class UnavailableError extends SimvueError {
  readonly retryAfterMillis: number | undefined;

  constructor(message: string, retryAfterMillis?: number) {
    super('SIMVUE_ERR_UNAVAILABLE', message);
    this.retryAfterMillis = retryAfterMillis;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof SimvueError && value.code === 'SIMVUE_ERR_UNAVAILABLE';
  }
}

/** The error that an answer of the REST API stands for. */
export function answerError(what: string, status: number, body: string, retryAfterMillis?: number): SimvueError {
  const reason = `${what} answered ${status}: ${detail(body)}`;
  if (isTransientStatus(status)) return new UnavailableError(reason, retryAfterMillis);
  return new SimvueError(CODES[status] ?? 'SIMVUE_ERR_MALFORMED', reason);
}

/** The text of `detail`, which is text or a list of problems with `loc` and `msg`, or the start of the body. */
function detail(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    const value = typeof parsed === 'object' && parsed !== null && 'detail' in parsed ? parsed.detail : body;
    if (typeof value === 'string') return value.slice(0, 500);
    if (Array.isArray(value)) return value.map(problem).join('; ').slice(0, 500);
    return JSON.stringify(value).slice(0, 500);
  } catch {
    return body.slice(0, 200);
  }
}

function problem({ loc, msg }: { loc?: readonly unknown[]; msg?: unknown }): string {
  return `${(loc ?? []).filter((part) => part !== 'body').join('.')} ${msg}`;
}
