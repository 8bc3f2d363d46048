import { type ErrorCode, SimvueError } from 'simvue-otel/errors';

/** One wrong part of a request, as FastAPI and the Simvue server write it. */
export interface ProblemEntry {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** What a request that fails is answered; `detail` is the whole body of the answer. */
export interface Problem {
  readonly status: number;
  readonly detail: string | readonly ProblemEntry[];
  readonly retryAfterSeconds?: number;
}

/** A part of a request that cannot be served as it is: 422, naming the part, what is wrong and what is supported. */
class InvalidRequest extends SimvueError {
  readonly entry: ProblemEntry;

  constructor(loc: ProblemEntry['loc'], message: string) {
    super('SIMVUE_ERR_INVALID_ARGUMENT', message);
    this.entry = { type: 'value_error', loc, msg: message };
  }

  /** The base class recognises every error of the product; this one only its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return SimvueError[Symbol.hasInstance](value) && typeof value === 'object' && value !== null && 'entry' in value;
  }
}

/** A parameter of the query that cannot be served. */
export class InvalidQuery extends InvalidRequest {
  constructor(parameter: string, message: string, index?: number) {
    super(['query', parameter, ...(index === undefined ? [] : [index])], message);
  }
}

/** A field of the body that cannot be served; `path` leads to it. */
export class InvalidBody extends InvalidRequest {
  constructor(path: readonly (string | number)[], message: string) {
    super(['body', ...path], message);
  }
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  SIMVUE_ERR_INVALID_ARGUMENT: 422,
  SIMVUE_ERR_MALFORMED: 400,
  SIMVUE_ERR_TOO_LARGE: 413,
  SIMVUE_ERR_MEDIA_TYPE: 415,
  SIMVUE_ERR_UNAUTHORISED: 401,
  SIMVUE_ERR_FORBIDDEN: 403,
  SIMVUE_ERR_CONFLICT: 409,
  SIMVUE_ERR_NOT_FOUND: 404,
};
const RETRY_AFTER_SECONDS = 2;

/** Answer to an error: 4xx in its own words, anything else 503 without its inner words (the log has them). */
export function toProblem(error: unknown): Problem {
  if (error instanceof InvalidRequest) return { status: 422, detail: [error.entry] };
  if (error instanceof SimvueError) {
    const status = STATUS[error.code];
    if (status !== undefined) return { status, detail: error.message };
    return unavailable(isOverload(error) ? error.message : undefined);
  }
  if (isRefusal(error)) {
    if (error.validation === undefined) return { status: error.statusCode, detail: error.message };
    return { status: 422, detail: validationEntries(error.validation, error.validationContext) };
  }
  return unavailable();
}

/** True for what is no fault of the request and is said elsewhere once: no room in memory or on disk. */
export function isOverload(error: unknown): boolean {
  return error instanceof SimvueError && (error.code === 'SIMVUE_ERR_OVERLOADED' || error.code === 'SIMVUE_ERR_DISK');
}

/** 503: the request was fine, the collector was not. */
export function unavailable(
  reason = 'The collector could not answer now; try again. Its log has the reason.',
): Problem {
  return { status: 503, detail: reason, retryAfterSeconds: RETRY_AFTER_SECONDS };
}

interface ValidationFailure {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Record<string, unknown>;
}

/** An error of Fastify that the request caused. */
interface Refusal {
  readonly statusCode: number;
  readonly message: string;
  readonly validation?: readonly ValidationFailure[];
  readonly validationContext?: string;
}

function isRefusal(error: unknown): error is Refusal {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}

/** The first failure of each place: of a field that may be null, that is what it must be otherwise. */
function validationEntries(failures: readonly ValidationFailure[], context?: string): ProblemEntry[] {
  const entries = new Map<string, ProblemEntry>();
  for (const failure of failures) {
    if (failure.keyword === 'if') continue;
    const entry = validationEntry(failure, context);
    const place = JSON.stringify(entry.loc);
    if (!entries.has(place)) entries.set(place, entry);
  }
  return [...entries.values()];
}

function validationEntry({ keyword, instancePath, message, params }: ValidationFailure, context = ''): ProblemEntry {
  const path = instancePath.split('/').slice(1);
  const field = params['missingProperty'] ?? params['additionalProperty'];
  const allowed = params['allowedValues'];
  return {
    type: keyword,
    loc: [context === 'querystring' ? 'query' : context, ...path, ...(typeof field === 'string' ? [field] : [])],
    msg:
      keyword === 'additionalProperties'
        ? `${String(field)} is not a known field: leave it out`
        : `${message ?? keyword}${Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''}`,
  };
}
