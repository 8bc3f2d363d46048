import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlessMissing } from '../missing-file.ts';
import { hasNoRoom } from './journal-errors.ts';
import { lifeOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { writeFully } from './segment-output.ts';

const REFRESH_MILLIS = 15_000;
/** A holder that has not refreshed its lock for so long is gone, whatever its pid says: a thread or a host may have ended. */
const STALE_MILLIS = 300_000;
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * The right to send a journal. It saves work, it does not guard the data: two senders at once only send twice what the
 * collector stores once.
 */
export class SenderLock {
  readonly #path: string;
  readonly #text: string;
  readonly #onError: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string, text: string, onError: (error: Error) => void) {
    this.#path = path;
    this.#text = text;
    this.#onError = onError;
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MILLIS).unref();
  }

  /**
   * Takes the lock of a journal; a full disk has no room for it, and is emptied by sending: there it is a promise only.
   *
   * @param onError - told why the lock could not be refreshed.
   * @returns undefined when a living sender has it.
   */
  static take(directory: string, onError: (error: Error) => void): SenderLock | undefined {
    const path = join(directory, 'sender.lock');
    const text = JSON.stringify({ ...ownIdentity(), token: randomUUID() });
    const candidate = join(directory, `sender-${randomUUID()}`);
    const taken = () => new SenderLock(path, text, onError);
    try {
      writeFileSync(candidate, text, { flag: 'wx', mode: 0o600 });
      if (place(candidate, path, text)) return taken();
      const removed = removeStale(path, statSync(candidate).mtimeMs);
      return removed && place(candidate, path, text) ? taken() : undefined;
    } catch (error) {
      if (!hasNoRoom(error)) throw error;
      const holder = readText(path);
      return holder === undefined || isStale(holder, path, Date.now()) ? taken() : undefined;
    } finally {
      remove(candidate);
    }
  }

  release(): void {
    clearInterval(this.#timer);
    if (readText(this.#path) === this.#text) remove(this.#path);
  }

  /**
   * Written again, not stamped: the time must be that of the file server's clock, with which others compare it. Where
   * that fails the lock gets old, and somebody else may send what we send.
   */
  #refresh(): void {
    try {
      if (readText(this.#path) === this.#text) overwrite(this.#path, this.#text);
    } catch (error) {
      this.#onError(error as Error);
    }
  }
}

/** Without emptying it first, for which a full disk would have no room again. */
function overwrite(path: string, text: string): void {
  const fd = openSync(path, 'r+');
  try {
    writeFully(fd, Buffer.from(text), Buffer.byteLength(text), 0);
  } finally {
    closeSync(fd);
  }
}

/** A link is made by one of many at most, on network file systems too; the file is whole from the first moment. */
function place(candidate: string, path: string, text: string): boolean {
  try {
    try {
      linkSync(candidate, path);
    } catch (error) {
      if (!NO_HARD_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Of two that find the same stale lock, the second may catch the lock of the first: it puts that back. */
function removeStale(path: string, nowMillis: number): boolean {
  const text = readText(path);
  if (text === undefined) return true;
  if (!isStale(text, path, nowMillis)) return false;
  const caught = `${path}.${randomUUID()}`;
  if (!rename(path, caught)) return true;
  const isTheStaleOne = readText(caught) === text;
  if (!isTheStaleOne) place(caught, path, readText(caught) ?? '');
  remove(caught);
  return isTheStaleOne;
}

function isStale(text: string, path: string, nowMillis: number): boolean {
  const age = ageMillis(path, nowMillis);
  if (age === undefined || age > STALE_MILLIS) return true;
  try {
    return lifeOf(JSON.parse(text) as ProcessIdentity) === 'dead';
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function ageMillis(path: string, nowMillis: number): number | undefined {
  return unlessMissing(() => nowMillis - statSync(path).mtimeMs);
}

function readText(path: string): string | undefined {
  return unlessMissing(() => readFileSync(path, 'utf8'));
}

function remove(path: string): void {
  unlessMissing(() => unlinkSync(path));
}

function rename(from: string, to: string): boolean {
  return (
    unlessMissing(() => {
      renameSync(from, to);
      return true;
    }) ?? false
  );
}
