import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Exit, TestProcess } from './child-process.ts';
import { inRepository } from './repository.ts';
import { RestReader } from './rest-reader.ts';

const MAIN = inRepository('collector/dist/main.js');

/** Where and how the collector runs: a free port and a new temporary data directory unless said otherwise. */
export interface CollectorOptions {
  readonly port?: number;
  readonly dataDirectory?: string;
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** The built collector as a real process, with its REST API; `await using` ends it and removes its temporary data. */
export class CollectorProcess implements AsyncDisposable {
  readonly dataDirectory: string;
  readonly #options: CollectorOptions;
  #process: TestProcess;
  #port: number;

  private constructor(options: CollectorOptions, dataDirectory: string, started: Started) {
    this.#options = options;
    this.dataDirectory = dataDirectory;
    this.#process = started.process;
    this.#port = started.port;
  }

  static async start(options: CollectorOptions = {}): Promise<CollectorProcess> {
    const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'simvue-collector-')));
    return new CollectorProcess(options, dataDirectory, await launch(options, dataDirectory, options.port ?? 0));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** What it has logged since it was started last. */
  get log(): string {
    return this.#process.stderr;
  }

  get rest(): RestReader {
    return new RestReader(this.url);
  }

  /** Ends the process as a user would (SIGTERM). */
  stop(): Promise<Exit> {
    return this.#process.end();
  }

  /** `kill -9`. */
  kill(): Promise<Exit> {
    return this.#process.end('SIGKILL');
  }

  /** Starts again on the same data and the same port. */
  async restart(): Promise<void> {
    ({ process: this.#process, port: this.#port } = await launch(this.#options, this.dataDirectory, this.#port));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.isRunning) await this.#process.end('SIGKILL');
    if (this.#options.dataDirectory === undefined) await rm(this.dataDirectory, { recursive: true, force: true });
  }
}

interface Started {
  readonly process: TestProcess;
  readonly port: number;
}

const COMMAND_DEADLINE_MILLIS = 45_000;

/** Runs the collector's command line with these arguments only, until it ends by itself; one that goes on is killed (signal `SIGKILL`). */
export async function runCollectorCommand(args: readonly string[]): Promise<Exit> {
  const command = new TestProcess(process.execPath, [MAIN, ...args]);
  const timer = setTimeout(() => command.end('SIGKILL'), COMMAND_DEADLINE_MILLIS);
  const exit = await command.exited;
  clearTimeout(timer);
  return exit;
}

async function launch(options: CollectorOptions, dataDirectory: string, port: number): Promise<Started> {
  const args = [MAIN, '--port', String(port), '--data', dataDirectory, ...(options.args ?? [])];
  const child = new TestProcess(process.execPath, args, options.environment);
  const match = await child.waitForOutput(/listening on http:\/\/127\.0\.0\.1:(\d+)/, 60_000);
  return { process: child, port: Number(match[1]) };
}
