import { errorText, SimvueError } from 'simvue-otel/errors';

/** What the file system says when there is no room, or the device fails: it may pass. */
const SYSTEM_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS']);
/** SQLite's primary codes for the same: READONLY, IOERR, FULL, CANTOPEN. */
const SQLITE_CODES = new Set([8, 10, 13, 14]);

/**
 * The error itself, or, when it says that a file cannot be written now, `SIMVUE_ERR_DISK`.
 *
 * @param what - file or part that was written, for the message.
 */
export function asDiskError(error: unknown, what: string): unknown {
  if (typeof error !== 'object' || error === null || isDiskError(error)) return error;
  // libsql has `rawCode`, node:sqlite `errcode`: both with details in the higher bits.
  const { code, rawCode, errcode } = error as { code?: unknown; rawCode?: unknown; errcode?: unknown };
  const sqliteCode = Number(rawCode ?? errcode ?? 0) & 0xff;
  if (!SYSTEM_CODES.has(String(code)) && !SQLITE_CODES.has(sqliteCode)) return error;
  return new SimvueError('SIMVUE_ERR_DISK', `${what} cannot be written: ${errorText(error)}`, { cause: error });
}

/** True for `SIMVUE_ERR_DISK`: what failed may be tried again. */
export function isDiskError(error: unknown): error is SimvueError {
  return error instanceof SimvueError && error.code === 'SIMVUE_ERR_DISK';
}
