import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { treeNow, treeOf } from '../resources/process-tree.ts';

/** A program to start and watch. */
export interface ProgramOptions {
  readonly executable: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a program ended; exactly one of both is set. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

const KILL_DELAY_MILLIS = 5_000;

/** A running child whose output goes to two files. */
export class ChildProgram {
  /** Fails when the program could not be started. */
  readonly end: Promise<ProgramEnd>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.end = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    // It may fail before anybody waits; who waits hears of it.
    this.end.catch(() => undefined);
  }

  /** Does not wait, so that whoever starts a program knows it as soon as it runs. */
  static start(options: ProgramOptions, outputFile: string, errorFile: string): ChildProgram {
    const { executable, args = [], cwd, env } = options;
    const files: number[] = [];
    try {
      for (const file of [outputFile, errorFile]) files.push(openSync(file, 'w', 0o600));
      const child = spawn(executable, args, {
        stdio: ['ignore', ...files],
        env: { ...process.env, ...env },
        ...(cwd === undefined ? {} : { cwd }),
      });
      return new ChildProgram(child);
    } finally {
      for (const file of files) closeSync(file);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the program and what it has started: SIGTERM, and SIGKILL for what is there after five seconds. */
  async kill(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || this.#hasEnded) return;
    const tree = process.platform === 'linux' ? await treeOf(pid) : [pid];
    signalAll(tree, 'SIGTERM');
    const timer = setTimeout(() => signalAll(tree, 'SIGKILL'), KILL_DELAY_MILLIS);
    await this.end.catch(() => undefined);
    clearTimeout(timer);
  }

  /** SIGTERM for the program and what it has started: at the end of this process, when nothing can be waited for. */
  killNow(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#hasEnded) return;
    signalAll(process.platform === 'linux' ? treeNow(pid) : [pid], 'SIGTERM');
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** Whether there is a process with this pid. */
export function isProcess(pid: unknown): boolean {
  if (!Number.isSafeInteger(pid) || Number(pid) < 1) return false;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Signals processes; those that are gone are left out. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
