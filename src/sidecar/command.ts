import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { signalAll } from '../processes/child-program.ts';
import { treeOf } from '../resources/process-tree.ts';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];
const KILL_DELAY_MILLIS = 5_000;

/** How a command ended, in the words of a shell. */
export type CommandEnd =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  /** 127 = not found, 126 = cannot be executed. */
  | { readonly kind: 'not started'; readonly exitCode: 126 | 127; readonly reason: string };

/** Called with each piece of output. */
export interface OutputListener {
  onOutput(stream: 'stdout' | 'stderr', piece: Buffer): void;
}

/** A command in the same process group and at the same terminal; its output goes on as it comes, byte for byte. */
export class Command {
  readonly #child: ChildProcess;
  readonly end: Promise<CommandEnd>;

  constructor(command: readonly string[], environment: NodeJS.ProcessEnv, listener: OutputListener) {
    const [executable = '', ...args] = command;
    this.#child = spawn(executable, args, { env: environment, stdio: ['inherit', 'pipe', 'pipe'] });
    this.end = this.#untilEnd(listener);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the command and what it has started: SIGTERM, and SIGKILL for what is there after five seconds. */
  async kill(): Promise<void> {
    if (this.pid === undefined) return;
    const tree = process.platform === 'linux' ? await treeOf(this.pid) : [this.pid];
    signalAll(tree, 'SIGTERM');
    const timer = setTimeout(() => signalAll(tree, 'SIGKILL'), KILL_DELAY_MILLIS);
    await this.end;
    clearTimeout(timer);
  }

  async #untilEnd(listener: OutputListener): Promise<CommandEnd> {
    const forward = (received: NodeJS.Signals) => this.#child.kill(received);
    // At a terminal the command hears Ctrl-C itself.
    const interrupt = (received: NodeJS.Signals) => process.stdin.isTTY || forward(received);
    for (const name of FORWARDED) process.on(name, forward);
    process.on('SIGINT', interrupt);
    try {
      const streams = (['stdout', 'stderr'] as const).map((name) => this.#passOn(name, listener));
      const end = await new Promise<CommandEnd>((resolve) => {
        this.#child.once('error', (error) => resolve(notStarted(error)));
        this.#child.once('close', (code, signal) => resolve(commandEnd(code, signal)));
      });
      if (end.kind !== 'not started') await Promise.all(streams);
      return end;
    } finally {
      for (const name of FORWARDED) process.off(name, forward);
      process.off('SIGINT', interrupt);
    }
  }

  /** A reader that is slow makes the command wait, as without us. */
  async #passOn(name: 'stdout' | 'stderr', listener: OutputListener): Promise<void> {
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
