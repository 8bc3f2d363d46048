import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Linux counts a process's CPU time in ticks of 10 ms. */
const NANOSECONDS_PER_TICK = 10_000_000;
const USER_TICKS_FIELD = 11;
const SYSTEM_TICKS_FIELD = 12;
const DATABASE = /\.(db|sqlite3?)$/;

/** CPU time that all threads of a process have used since its start. */
export async function cpuNanoseconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS_FIELD]) + Number(fields[SYSTEM_TICKS_FIELD])) * NANOSECONDS_PER_TICK;
}

/** Resident memory of a process, now and at its highest. */
export async function residentMebibytes(pid: number): Promise<{ now: number; peak: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024;
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') };
}

/** Bytes on disk of a folder: in database files, and in all others (logs, spare segments, write-ahead logs). */
export async function diskUse(folder: string): Promise<{ databaseBytes: number; otherBytes: number }> {
  const use = { databaseBytes: 0, otherBytes: 0 };
  for (const name of await readdir(folder, { recursive: true })) {
    const status = await stat(join(folder, name));
    if (!status.isFile()) continue;
    const bytes = Math.min(status.size, status.blocks * 512);
    if (DATABASE.test(name)) use.databaseBytes += bytes;
    else use.otherBytes += bytes;
  }
  return use;
}
