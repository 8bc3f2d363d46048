import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { signalAll } from '../processes/child-program.ts';
import { treeOf } from '../resources/process-tree.ts';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];
const FROM_KEYS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const KILL_DELAY_MILLIS = 5_000;
const HELD_MILLIS = 2_000;

export type Stream = 'stdout' | 'stderr';

/** How a command ended, in the words of a shell. */
export type CommandEnd =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  /** 127 = not found, 126 = cannot be executed. */
  | { readonly kind: 'not started'; readonly exitCode: 126 | 127; readonly reason: string };

/** Called with each piece of output. */
export interface OutputListener {
  onOutput(stream: Stream, piece: Buffer): void;
  /** The command has ended, and something that it has started goes on at its output. */
  onHeld?(): void;
}

/** A command in the same process group and at the same terminal; its output goes on as it comes, byte for byte. */
export class Command {
  readonly #child: ChildProcess;
  readonly end: Promise<CommandEnd>;
  readonly #released: Promise<void>;
  #release: () => void = () => undefined;
  #hasExited = false;

  constructor(command: readonly string[], environment: NodeJS.ProcessEnv, listener: OutputListener) {
    const [executable = '', ...args] = command;
    this.#child = spawn(executable, args, { env: environment, stdio: ['inherit', 'pipe', 'pipe'] });
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.end = this.#untilEnd(listener);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the command and what it has started: SIGTERM, and SIGKILL for what is there after five seconds. */
  async kill(): Promise<void> {
    if (this.pid === undefined) return;
    if (this.#hasExited) return this.#release();
    const tree = process.platform === 'linux' ? await treeOf(this.pid) : [this.pid];
    signalAll(tree, 'SIGTERM');
    const timer = setTimeout(() => signalAll(tree, 'SIGKILL'), KILL_DELAY_MILLIS);
    await this.end;
    clearTimeout(timer);
  }

  async #untilEnd(listener: OutputListener): Promise<CommandEnd> {
    const forward = (received: NodeJS.Signals) => {
      if (this.#hasExited) this.#release();
      else this.#child.kill(received);
    };
    // At a terminal the command hears Ctrl-C itself.
    const fromKeys = (received: NodeJS.Signals) => (process.stdin.isTTY && !this.#hasExited) || forward(received);
    for (const name of FORWARDED) process.on(name, forward);
    for (const name of FROM_KEYS) process.on(name, fromKeys);
    try {
      const streams = (['stdout', 'stderr'] as const).map((name) => this.#passOn(name, listener));
      const end = await new Promise<CommandEnd>((resolve) => {
        this.#child.once('error', (error) => resolve(notStarted(error)));
        this.#child.once('exit', (code, signal) => resolve(commandEnd(code, signal)));
      });
      this.#hasExited = true;
      if (end.kind !== 'not started') await this.#restOfOutput(streams, listener);
      return end;
    } finally {
      for (const name of FORWARDED) process.off(name, forward);
      for (const name of FROM_KEYS) process.off(name, fromKeys);
    }
  }

  /** What goes on in the background keeps the pipes open; cut off, it would die of its next line. */
  async #restOfOutput(streams: readonly Promise<void>[], listener: OutputListener): Promise<void> {
    const timer = setTimeout(() => listener.onHeld?.(), HELD_MILLIS);
    await Promise.race([Promise.all(streams), this.#released]);
    clearTimeout(timer);
    const { stdout, stderr } = this.#child;
    for (const stream of [stdout, stderr]) stream?.destroy();
  }

  /** A reader that is slow makes the command wait, as without us. */
  async #passOn(name: Stream, listener: OutputListener): Promise<void> {
    const source = this.#child[name];
    if (source === null) return;
    const target = process[name];
    let isRead = true;
    target.on('error', () => {
      isRead = false;
    });
    for await (const piece of source as AsyncIterable<Buffer>) {
      listener.onOutput(name, piece);
      if (!target.write(piece)) await drained(target);
      if (isRead) continue;
      // Who reads the output has gone. Node's pipes are sockets, which do not say so as pipes do: the signal is what the command would have got.
      this.#child.kill('SIGPIPE');
      break;
    }
  }
}

/** Settles when there is room again, or when nobody reads any more. */
function drained(target: NodeJS.WritableStream): Promise<unknown> {
  return Promise.race([once(target, 'drain'), new Promise((resolve) => target.once('error', resolve))]).catch(
    () => undefined,
  );
}

function commandEnd(code: number | null, signal: NodeJS.Signals | null): CommandEnd {
  return signal === null ? { kind: 'exit', exitCode: code ?? 1 } : { kind: 'signal', signal };
}

function notStarted({ code, message }: NodeJS.ErrnoException): CommandEnd {
  return { kind: 'not started', exitCode: code === 'ENOENT' ? 127 : 126, reason: message };
}
