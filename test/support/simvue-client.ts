import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Exit, TestProcess } from './child-process.ts';
import { pythonOf } from './python-environment.ts';
import { inRepository } from './repository.ts';

/** The published Python clients that the collector is held to. */
export const CLIENT_VERSIONS = ['2.5.3', '2.6.2'] as const;
/** The earliest client of its REST API, and Simvue's command. */
export type ClientVersion = (typeof CLIENT_VERSIONS)[number] | '2.1.2' | 'cli-1.4.0';

const DEADLINE_MILLIS = 110_000;
/** The client looks for `exp` only; a collector on loopback answers its own user whatever the token. */
export const CLIENT_TOKEN = [{ alg: 'HS256', typ: 'JWT' }, { exp: 4_102_444_800 }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

/** Programs of the unmodified Python client in a home and a working directory of their own. */
export class SimvueClient implements AsyncDisposable {
  readonly version: ClientVersion;
  readonly #python: string;
  readonly #directory: string;

  private constructor(version: ClientVersion, python: string, directory: string) {
    this.version = version;
    this.#python = python;
    this.#directory = directory;
  }

  static async of(version: ClientVersion): Promise<SimvueClient> {
    const python = await pythonOf(`simvue-${version}`);
    return new SimvueClient(version, python, await mkdtemp(join(tmpdir(), 'simvue-python-')));
  }

  /** Runs a program of `test/contract/python` to its end and gives the JSON of its last line. @throws with its output when it fails. */
  async run<T>(program: string, collectorUrl: string, environment: NodeJS.ProcessEnv = {}): Promise<T> {
    const exit = await this.exit(program, collectorUrl, environment);
    if (exit.code !== 0) throw new Error(`${program} with ${this.version} failed:\n${exit.stdout}\n${exit.stderr}`);
    return JSON.parse(exit.stdout.trimEnd().split('\n').at(-1) ?? '') as T;
  }

  /** As `run`, for a program that may fail; one that goes on for too long is killed (signal `SIGKILL`). */
  exit(program: string, collectorUrl: string, environment: NodeJS.ProcessEnv = {}): Promise<Exit> {
    return this.#end(this.start(program, collectorUrl, environment));
  }

  /** A program that goes on, to be ended by the test. */
  start(program: string, collectorUrl: string, environment: NodeJS.ProcessEnv = {}): TestProcess {
    return this.#launch([inRepository(`test/contract/python/${program}`)], collectorUrl, environment);
  }

  /** The client's own `simvue-sender` on a directory of staged runs. */
  async send(cacheDirectory: string, collectorUrl: string): Promise<void> {
    await this.command('simvue-sender', ['-i', cacheDirectory], collectorUrl);
  }

  /** Runs a command that the environment has, and gives what it prints. @throws with its output when it fails. */
  async command(name: string, args: readonly string[], collectorUrl: string): Promise<string> {
    const exit = await this.#end(this.#launch([join(dirname(this.#python), name), ...args], collectorUrl, {}));
    if (exit.code !== 0) throw new Error(`${name} ${this.version} failed:\n${exit.stdout}\n${exit.stderr}`);
    return exit.stdout.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  #launch(args: readonly string[], collectorUrl: string, environment: NodeJS.ProcessEnv): TestProcess {
    const variables = {
      HOME: this.#directory,
      TZ: 'UTC',
      MPLBACKEND: 'agg',
      PYTHONUNBUFFERED: '1',
      SIMVUE_URL: collectorUrl,
      SIMVUE_TOKEN: CLIENT_TOKEN,
      ...environment,
    };
    return new TestProcess(this.#python, args, variables, this.#directory);
  }

  async #end(program: TestProcess): Promise<Exit> {
    const timer = setTimeout(() => program.end('SIGKILL'), DEADLINE_MILLIS);
    const exit = await program.exited;
    clearTimeout(timer);
    return exit;
  }
}
