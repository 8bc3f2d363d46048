import { errorText } from '../errors.ts';
import type { Reports } from '../reports.ts';

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether a disk is full, or what this user or process may have of it. */
export function hasNoRoom(error: unknown): boolean {
  return NO_ROOM.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Tells what a file system refuses, once for each kind of refusal: the program, and sending, go on. */
export function reportErrors(reports: Reports): (error: Error) => void {
  return (error) => {
    reports.once(`journal ${(error as NodeJS.ErrnoException).code}`, `The journal fails: ${errorText(error)}`);
  };
}
