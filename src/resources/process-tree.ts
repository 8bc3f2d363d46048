import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** `USER_HZ`: the unit of times in `/proc`, on every architecture. */
const TICKS_PER_SECOND = 100;
/** A tree that is larger is cut: reading must not take longer than a sample is worth. */
const MAX_PROCESSES = 1024;

/** What a process and everything that it started has used and uses. */
export interface TreeUse {
  /** Of the live processes, and of those that have ended and were waited for. */
  readonly cpuSeconds: number;
  /** Resident memory of the live processes. */
  readonly memoryBytes: number;
}

/**
 * Sums the use of a process tree from `/proc`.
 *
 * @returns undefined when there is no such process.
 */
export async function readTreeUse(pid: number, root = '/proc'): Promise<TreeUse | undefined> {
  let whole: TreeUse | undefined;
  // One by one, so that a large tree opens few files.
  for (const member of await treeOf(pid, root)) {
    const use = await readUse(member, root);
    if (member === pid) whole = use;
    else if (whole !== undefined && use !== undefined) whole = sum(whole, use);
  }
  return whole;
}

/** The process and its descendants, parents first. */
export async function treeOf(pid: number, root = '/proc'): Promise<number[]> {
  const tree = new Set([pid]);
  // What is added while the set is walked is walked too.
  for (const member of tree) {
    for (const child of await childrenOf(member, root)) if (tree.size < MAX_PROCESSES) tree.add(child);
  }
  return [...tree];
}

/** {@link treeOf} without waiting, at the end of this process. */
export function treeNow(pid: number, root = '/proc'): number[] {
  const tree = new Set([pid]);
  for (const member of tree) {
    for (const child of childrenNow(member, root)) if (tree.size < MAX_PROCESSES) tree.add(child);
  }
  return [...tree];
}

function childrenNow(pid: number, root: string): number[] {
  const tasks = unlessGoneNow(() => readdirSync(`${root}/${pid}/task`)) ?? [];
  return tasks.flatMap((task) =>
    parsePids(unlessGoneNow(() => readFileSync(`${root}/${pid}/task/${task}/children`, 'utf8'))),
  );
}

/** Every thread has the list of those that it started. */
async function childrenOf(pid: number, root: string): Promise<number[]> {
  const tasks = (await unlessGone(readdir(`${root}/${pid}/task`))) ?? [];
  const lists = await Promise.all(
    tasks.map((task) => unlessGone(readFile(`${root}/${pid}/task/${task}/children`, 'utf8'))),
  );
  return lists.flatMap(parsePids);
}

function parsePids(list = ''): number[] {
  const texts = list.split(' ').filter((text) => text.trim() !== '');
  return texts.map(Number);
}

async function readUse(pid: number, root: string): Promise<TreeUse | undefined> {
  const [stat, status] = await Promise.all([
    unlessGone(readFile(`${root}/${pid}/stat`, 'utf8')),
    unlessGone(readFile(`${root}/${pid}/status`, 'utf8')),
  ]);
  if (stat === undefined) return undefined;
  // The name of the program, in parentheses, may hold anything; behind it come state (0), …, utime, stime, cutime, cstime (11 to 14).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
  const residentKibibytes = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status ?? '')?.[1] ?? 0);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, memoryBytes: residentKibibytes * 1024 };
}

function sum(a: TreeUse, b: TreeUse): TreeUse {
  return { cpuSeconds: a.cpuSeconds + b.cpuSeconds, memoryBytes: a.memoryBytes + b.memoryBytes };
}

async function unlessGone<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    return throwUnlessGone(error);
  }
}

function unlessGoneNow<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    return throwUnlessGone(error);
  }
}

/** A process may end while it is looked at, and one of another user may be closed to us. */
function throwUnlessGone(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'ESRCH' && code !== 'EACCES') throw error;
}
