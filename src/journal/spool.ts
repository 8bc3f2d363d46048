import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { unlessMissing } from '../missing-file.ts';

/** Room for the journals of a spool directory unless said otherwise. */
export const DEFAULT_SPOOL_BYTES = 10 * 1024 ** 3;

/** Where journals are kept unless said otherwise, by the conventions of the platform. */
export function defaultSpoolDirectory(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'simvue-otel', 'spool');
  if (process.platform === 'win32') return join(environment['LOCALAPPDATA'] ?? homedir(), 'simvue-otel', 'spool');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'simvue-otel', 'spool');
}

/** Journals are named after the `service.instance.id` of their writer; other things may be in the directory too, for example the cache of Simvue's Python client. */
const JOURNAL_NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Directories of the journals in a spool directory. */
export function listJournals(spoolDirectory: string): string[] {
  const entries = unlessMissing(() => readdirSync(spoolDirectory, { withFileTypes: true })) ?? [];
  return entries
    .filter((entry) => entry.isDirectory() && JOURNAL_NAME.test(entry.name))
    .map(({ name }) => join(spoolDirectory, name));
}

/** Bytes that the journals of a spool directory take now. */
export function spoolBytes(spoolDirectory: string): number {
  let bytes = 0;
  for (const journal of listJournals(spoolDirectory)) {
    for (const name of unlessMissing(() => readdirSync(journal)) ?? []) {
      bytes += unlessMissing(() => statSync(join(journal, name)).size) ?? 0;
    }
  }
  return bytes;
}
