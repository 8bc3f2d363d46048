import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeLogs, decodeMetrics, type ReceivedPoint, type ReceivedRecord } from './otlp-decode.ts';

/** One request as it came. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly status: number;
}

/** What the recorder answers instead of 200. */
export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | string;
}

/** Decides the answer to a request; undefined = 200, at `/api/version` that of a collector; a throw cuts the connection. */
export type Answering = (request: Omit<ReceivedRequest, 'status'>) => Reply | undefined | Promise<Reply | undefined>;

/** Records OTLP/HTTP requests and decodes what it answered with 200. */
export class OtlpSinkServer implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = [];
  answer: Answering;
  readonly #server: Server;

  private constructor(answer: Answering) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => request.socket.destroy());
    });
  }

  static async start(answer: Answering = () => undefined, port = 0): Promise<OtlpSinkServer> {
    const sink = new OtlpSinkServer(answer);
    sink.#server.listen(port, '127.0.0.1');
    await once(sink.#server, 'listening');
    return sink;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Data points of all requests that were answered with 200, in the order of arrival. */
  get points(): ReceivedPoint[] {
    return this.#accepted('/v1/metrics').flatMap((body) => decodeMetrics(body).points);
  }

  /** Points without the samples of resource use. */
  get userPoints(): ReceivedPoint[] {
    return this.points.filter((point) => !point.name.startsWith('resources/'));
  }

  get records(): ReceivedRecord[] {
    return this.#accepted('/v1/logs').flatMap((body) => decodeLogs(body).records);
  }

  /** Resources of all accepted requests. */
  get resources(): Record<string, unknown>[] {
    const metrics = this.#accepted('/v1/metrics').map((body) => decodeMetrics(body).resource);
    return [...metrics, ...this.#accepted('/v1/logs').map((body) => decodeLogs(body).resource)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accepted(path: string): Buffer[] {
    return this.requests.filter((request) => request.path === path && request.status === 200).map(({ body }) => body);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const received = { path: request.url ?? '', headers: request.headers, body };
    const reply = (await this.answer(received)) ?? defaultReply(received.path);
    this.requests.push({ ...received, status: reply.status });
    response.writeHead(reply.status, { 'content-type': 'application/x-protobuf', ...reply.headers }).end(reply.body);
  }
}

/** Says at `/api/version` that it is a simvue-otel-collector. */
function defaultReply(path: string): Reply {
  return path === '/api/version' ? { status: 200, headers: { 'simvue-otel-collector': '0' } } : { status: 200 };
}
