import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** What the way to a server is like: `down` cuts every connection, `slow` holds each request for a second. */
export type Condition = 'up' | 'down' | 'slow';

const SLOW_MILLIS = 1000;

/** Stands before a server and can make it look down or slow. */
export class FaultyProxy implements AsyncDisposable {
  condition: Condition;
  readonly #server: Server;
  readonly #target: string;

  private constructor(target: string, condition: Condition) {
    this.#target = target;
    this.condition = condition;
    this.#server = createServer((request, response) => {
      this.#forward(request, response).catch(() => request.socket.destroy());
    });
  }

  static async start(target: string, condition: Condition): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, condition);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.condition === 'down') throw new Error('down');
    if (this.condition === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MILLIS));
    const { method, headers } = request;
    const outgoing = httpRequest(`${this.#target}${request.url}`, { method, headers });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    const [[answer]] = await Promise.all([answered, pipeline(request, outgoing)]);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
  }
}
