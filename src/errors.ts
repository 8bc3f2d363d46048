import { isNativeError } from 'node:util/types';

const BRAND = Symbol.for('simvue-otel.error');

/** Stable codes of every error that this product throws; `docs/errors.md` says when and what to do. */
export const ERROR_CODES = [
  'SIMVUE_ERR_CONFIG',
  'SIMVUE_ERR_INVALID_ARGUMENT',
  'SIMVUE_ERR_RUN_NOT_ACTIVE',
  'SIMVUE_ERR_QUEUE_FULL',
  'SIMVUE_ERR_CLOSE_TIMEOUT',
  'SIMVUE_ERR_FRAME',
  'SIMVUE_ERR_DATA_DIRECTORY',
  'SIMVUE_ERR_PORT_IN_USE',
  'SIMVUE_ERR_MALFORMED',
  'SIMVUE_ERR_TOO_LARGE',
  'SIMVUE_ERR_MEDIA_TYPE',
  'SIMVUE_ERR_OVERLOADED',
  'SIMVUE_ERR_UNAVAILABLE',
  'SIMVUE_ERR_NOT_FOUND',
  'SIMVUE_ERR_UNAUTHORISED',
  'SIMVUE_ERR_FORBIDDEN',
  'SIMVUE_ERR_CONFLICT',
  'SIMVUE_ERR_STORE',
  'SIMVUE_ERR_DISK',
] as const;
/** One of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * Base class of every error of this product.
 *
 * `instanceof` works across copies of the package (the brand is a registered symbol).
 */
export class SimvueError extends Error {
  /** What went wrong, the same in every version. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SimvueError';
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }
}

/** Wrong configuration: names the setting and the fix, is thrown at start, ends a command with exit code 2. */
export function configError(setting: string, problem: string, fix: string, cause?: unknown): SimvueError {
  return new SimvueError('SIMVUE_ERR_CONFIG', `${setting}: ${problem}. ${fix}`, { cause });
}

/** Text of anything that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error || isNativeError(error) ? error.message : String(error);
}
