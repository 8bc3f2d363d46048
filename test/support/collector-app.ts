import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import { type CollectorApp, createApp } from '../../collector/dist/app.js';
import type { CollectorConfig } from '../../collector/dist/config.js';

/** An answer of the REST API. */
export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly json: any;
  readonly headers: Headers;
}

/** The whole collector in this process, on a free port and in a directory of its own; `reopen` stops and starts it again. */
export class TestCollector implements AsyncDisposable {
  #app: CollectorApp;
  readonly #config: CollectorConfig;

  private constructor(app: CollectorApp, config: CollectorConfig) {
    this.#app = app;
    this.#config = config;
  }

  static async start(change: Partial<CollectorConfig> = {}): Promise<TestCollector> {
    const config: CollectorConfig = {
      host: '127.0.0.1',
      port: 0,
      grpcPort: undefined,
      dataDirectory: await mkdtemp(join(tmpdir(), 'simvue-app-')),
      accept: 'any',
      publicUrl: undefined,
      grafanaUrl: undefined,
      logLevel: 'error',
      maxNewRunsPerMinute: 1_000_000,
      maxBodyBytes: 32 << 20,
      tls: undefined,
      isInsecure: false,
      isLoopbackOpen: false,
      maxRequestRate: 1_000_000,
      maxArtifactBytes: 1 << 30,
      alertsFile: undefined,
      alertUnit: 'minutes',
      exports: [],
      maxExportQueueBytes: 1 << 30,
      ...change,
    };
    return new TestCollector(await open(config), config);
  }

  get url(): string {
    return this.#app.url.replace('0.0.0.0', '127.0.0.1');
  }

  /** Address of OTLP/gRPC as gRPC clients take it, when the test asked for it. */
  get grpcTarget(): string {
    return new URL(this.#app.grpcUrl ?? '').host;
  }

  get dataDirectory(): string {
    return this.#config.dataDirectory;
  }

  /** @param change - settings of this start. */
  async reopen(change: Partial<CollectorConfig> = {}): Promise<void> {
    await this.#app.close();
    this.#app = await open({ ...this.#config, ...change });
  }

  /** Asks the REST API as Simvue's Python client does. @param body - JSON text as it is, anything else as JSON. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        'user-agent': 'Simvue Python client 2.5.3',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return reply(response);
  }

  /** Posts a msgpack body, as Simvue's Python client sends points and events. @param body - bytes as they are, anything else as msgpack. */
  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const bytes = body instanceof Uint8Array ? body : encode(body);
    return reply(
      await fetch(`${this.url}/api${path}`, {
        method: 'POST',
        headers: { 'user-agent': 'Simvue Python client 2.5.3', 'content-type': 'application/msgpack', ...headers },
        body: Buffer.from(bytes),
      }),
    );
  }

  /** Sends OTLP/JSON, as an exporter does. */
  async export(signal: 'logs' | 'metrics' | 'traces', body: object): Promise<Reply> {
    const headers = { 'content-type': 'application/json' };
    return reply(await fetch(`${this.url}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app.close();
    await rm(this.#config.dataDirectory, { recursive: true, force: true });
  }
}

function open(config: CollectorConfig): Promise<CollectorApp> {
  const onFatal = (error: unknown): void => {
    throw error;
  };
  return createApp(config, { version: '0.0.0-test', onFatal });
}

async function reply(response: Response): Promise<Reply> {
  return { status: response.status, json: parse(await response.text()), headers: response.headers };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
