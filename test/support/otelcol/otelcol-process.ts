import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestProcess } from '../child-process.ts';
import { inRepository } from '../repository.ts';

/** Settings of a Collector under test: a configuration file and overrides as `a::b: value` lines. */
export interface OtelcolOptions {
  readonly config: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly overrides?: readonly string[];
}

/** A real OpenTelemetry Collector on a free port, with its queue in a temporary folder. */
export class OtelcolProcess implements AsyncDisposable {
  readonly port: number;
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  readonly #queueDirectory: string;
  #process: TestProcess;
  readonly #former: string[] = [];

  private constructor(
    port: number,
    command: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv,
    queueDirectory: string,
  ) {
    this.port = port;
    this.#command = command;
    this.#args = args;
    this.#environment = environment;
    this.#queueDirectory = queueDirectory;
    this.#process = this.#launch();
  }

  static async start(options: OtelcolOptions): Promise<OtelcolProcess> {
    const queueDirectory = await mkdtemp(join(tmpdir(), 'simvue-otelcol-'));
    const port = await freePort();
    const overrides = [`receivers::otlp::protocols::http::endpoint: 127.0.0.1:${port}`, ...(options.overrides ?? [])];
    const args = ['--config', options.config, ...overrides.flatMap((line) => ['--config', `yaml:${line}`])];
    const environment = { ...options.environment, OTELCOL_QUEUE_DIR: queueDirectory };
    const started = new OtelcolProcess(port, await otelcolBinary(), args, environment, queueDirectory);
    await started.#ready();
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** What it has logged, since each of its starts. */
  get logs(): readonly string[] {
    return [...this.#former, this.#process.stderr];
  }

  /** What it says that it gave up, with the reason. */
  get dropped(): readonly string[] {
    return this.logs
      .flatMap((log) => log.split('\n'))
      .filter((line) => /dropp(ed|ing) data|no more retries/i.test(line));
  }

  /** `kill -9`, then a new process on the same queue and port. */
  async killAndRestart(): Promise<void> {
    await this.#process.end('SIGKILL');
    this.#former.push(this.#process.stderr);
    this.#process = this.#launch();
    await this.#ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.isRunning) await this.#process.end('SIGKILL');
    await rm(this.#queueDirectory, { recursive: true, force: true });
  }

  #launch(): TestProcess {
    return new TestProcess(this.#command, this.#args, this.#environment);
  }

  #ready(): Promise<RegExpExecArray> {
    return this.#process.waitForOutput(/Everything is ready/, 30_000);
  }
}

/** Path of the Collector's binary; builds it when the set-up script has not. */
export async function otelcolBinary(): Promise<string> {
  const build = await new TestProcess('bash', [inRepository('test/support/otelcol/build.sh')]).exited;
  if (build.code !== 0) throw new Error(`the OpenTelemetry Collector could not be built:\n${build.stderr}`);
  return build.stdout.trim();
}

/** A TCP port of the loopback interface that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
