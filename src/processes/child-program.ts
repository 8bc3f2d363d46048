import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { treeOf } from '../resources/process-tree.ts';

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

  static async start(options: ProgramOptions, outputFile: string, errorFile: string): Promise<ChildProgram> {
    const { executable, args = [], cwd, env } = options;
    const output = await open(outputFile, 'w', 0o600);
    const error = await open(errorFile, 'w', 0o600);
    try {
      const stdio = ['ignore', output.fd, error.fd] as const;
      const child = spawn(executable, args, {
        stdio: [...stdio],
        env: { ...process.env, ...env },
        ...(cwd === undefined ? {} : { cwd }),
      });
      return new ChildProgram(child);
    } finally {
      await Promise.all([output.close(), error.close()]);
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

  /** At the end of this process, when nothing can be waited for. */
  killNow(): void {
    if (!this.#hasEnded) this.#child.kill('SIGTERM');
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
