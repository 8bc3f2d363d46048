import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';

/** A thread of a process, so that another process can tell whether it still lives. */
export interface ProcessIdentity {
  /** Host, boot and pid name space: only inside one of these does a pid mean anything. */
  readonly place: string;
  readonly pid: number;
  /** Clock ticks after boot at which the process started; empty where /proc does not tell. */
  readonly started: string;
  readonly thread: number;
}

/** What is known about the life of a process. */
export type Life = 'alive' | 'dead' | 'unknown';

/** This thread. */
export function ownIdentity(): ProcessIdentity {
  return { place: place(), pid: process.pid, started: startOf('self') ?? '', thread: threadId };
}

/** A process of another host, boot or container cannot be judged from here. */
export function lifeOf(identity: ProcessIdentity): Life {
  if (identity.place !== place()) return 'unknown';
  if (!isRunning(identity.pid)) return 'dead';
  return (startOf(String(identity.pid)) ?? '') === identity.started ? 'alive' : 'dead';
}

/** Whether the process belongs, or belonged, to a host of this name. */
export function isOfThisHost({ place }: ProcessIdentity): boolean {
  return place.split(' ')[0] === hostname();
}

function place(): string {
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pidNamespace = read(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), boot ?? '', pidNamespace ?? ''].join(' ');
}

/** Field 22 of /proc/<pid>/stat, counted behind the command, which may hold anything. */
function startOf(pid: string): string | undefined {
  return read(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  });
}

/** A process that we may not signal lives all the same. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** /proc exists on Linux only, and a process may end between two looks. */
function read(look: () => string): string | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
