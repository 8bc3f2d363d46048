import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** How a process ended, and what it printed. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real process whose output is kept; it does not outlive the one that started it. */
export class TestProcess {
  readonly #child: ChildProcess;
  readonly #command: string;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';

  constructor(
    command: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    workingDirectory?: string,
  ) {
    this.#command = [command, ...args].join(' ');
    this.#child = spawn(command, args, {
      cwd: workingDirectory,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    alive.add(this.#child);
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stdout += chunk;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    this.exited = this.#untilExit();
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#command} did not start`);
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return alive.has(this.#child);
  }

  /** Sends a signal and waits for the end; without one within `deadlineMillis` the process is killed and the call fails. */
  async end(signal: NodeJS.Signals = 'SIGTERM', deadlineMillis = 20_000): Promise<Exit> {
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), deadlineMillis);
    const exit = await this.exited;
    clearTimeout(timer);
    if (signal !== 'SIGKILL' && exit.signal === 'SIGKILL') {
      throw new Error(`${this.#command} did not end within ${deadlineMillis} ms of ${signal}\n${exit.stderr}`);
    }
    return exit;
  }

  /** Waits until the output matches; fails with the output when the process ends first or the time is over. */
  async waitForOutput(pattern: RegExp, timeoutMillis = 45_000): Promise<RegExpExecArray> {
    for (const deadline = Date.now() + timeoutMillis; ; ) {
      const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (match !== null) return match;
      if (!this.isRunning) throw new Error(`${this.#command} ended:\n${this.stdout}\n${this.stderr}`);
      if (Date.now() > deadline)
        throw new Error(`${this.#command} did not print ${pattern}:\n${this.stdout}\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #untilExit(): Promise<Exit> {
    const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null];
    alive.delete(this.#child);
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }
}
