import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogName } from '../frame-log.ts';
import { unlessMissing } from '../missing-file.ts';
import { decodeHeader, type JournalHeader } from './journal-header.ts';
import { lifeOf } from './process-identity.ts';
import { START } from './progress-file.ts';
import { ENDED, listSegments } from './segment-files.ts';
import { SegmentWindow } from './segment-window.ts';

/** A writer that cannot be judged from here has ended when its journal has not changed for so long. */
const ABANDONED_MILLIS = 7 * 24 * 3600 * 1000;

/** The header of a journal; undefined while its writer has not begun. */
export function readHeader(directory: string): JournalHeader | undefined {
  for (const signal of ['logs', 'metrics'] as const) {
    const header = firstHeader(directory, signal);
    if (header !== undefined) return header;
  }
  return undefined;
}

function firstHeader(directory: string, signal: LogName): JournalHeader | undefined {
  const window = new SegmentWindow(directory, signal);
  try {
    for (const segment of listSegments(directory, signal)) {
      const position = { ...START, segment };
      const frame = window.load(position) ? window.frame(position) : undefined;
      if (frame !== undefined) return decodeHeader(frame);
    }
    return undefined;
  } finally {
    window.close();
  }
}

/** Whether the writer of a journal adds nothing any more. */
export function hasEnded(directory: string, { writer }: JournalHeader): boolean {
  if (existsSync(join(directory, ENDED))) return true;
  const life = lifeOf(writer);
  return life === 'unknown' ? isAbandoned(directory) : life === 'dead';
}

/** Whether no segment has changed for days; senders leave traces in the directory, but not in the segments. */
export function isAbandoned(directory: string): boolean {
  const names = (unlessMissing(() => readdirSync(directory)) ?? []).filter((name) => name.endsWith('.svj'));
  const paths = names.length === 0 ? [directory] : names.map((name) => join(directory, name));
  const changes = paths.map((path) => unlessMissing(() => statSync(path).mtimeMs) ?? Date.now());
  return Date.now() - Math.max(...changes) > ABANDONED_MILLIS;
}
