import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

interface ForwardProxyOptions {
  /** Ports on this machine by the `host:port` that only the proxy knows. */
  readonly hosts: Readonly<Record<string, number>>;
  /** `user:password` that every request must bring. */
  readonly credentials?: string;
}

/** A company's proxy, as squid is set up by default: plain requests to any port, tunnels to port 443 only. */
export class ForwardProxy implements AsyncDisposable {
  /** What was asked for, `POST http://host:4318/v1/metrics` or `CONNECT host:443`, refused requests too. */
  readonly asked: string[] = [];
  /** Status of every answer, while set. */
  refusal: number | undefined;
  readonly #server: Server;
  readonly #options: ForwardProxyOptions;
  readonly #tunnels = new Set<Duplex>();

  private constructor(options: ForwardProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#forward(request, response).catch(() => request.socket.destroy());
    }).on('connect', (request, socket) => this.#tunnel(request, socket));
  }

  static async start(options: ForwardProxyOptions): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** With the credentials that it wants, unless others are given. */
  url(credentials = this.#options.credentials): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const tunnel of this.#tunnels) tunnel.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers, url = '' } = request;
    const status = this.#statusFor(request, url.startsWith('http://') ? 200 : 400);
    const port = this.#options.hosts[URL.canParse(url) ? new URL(url).host : ''];
    if (status !== 200 || port === undefined) {
      response.writeHead(status === 200 ? 502 : status, { 'content-type': 'text/html' }).end('<html>refused</html>');
      return;
    }
    const { pathname, search } = new URL(url);
    const { 'proxy-authorization': _, ...passedOn } = headers;
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: pathname + search, method, headers: passedOn });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    const [[answer]] = await Promise.all([answered, pipeline(request, outgoing)]);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
  }

  #tunnel(request: IncomingMessage, socket: Duplex): void {
    const target = request.url ?? '';
    const status = this.#statusFor(request, target.endsWith(':443') ? 200 : 403);
    const port = this.#options.hosts[target];
    if (status !== 200 || port === undefined) {
      socket.end(`HTTP/1.1 ${status === 200 ? 502 : status} Refused\r\n\r\n`);
      return;
    }
    const server = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(socket).pipe(server);
    });
    for (const end of [socket, server]) {
      this.#tunnels.add(end);
      end.on('error', () => end.destroy()).on('close', () => this.#tunnels.delete(end));
    }
  }

  #statusFor({ method, url, headers }: IncomingMessage, otherwise: number): number {
    this.asked.push(`${method} ${url}`);
    if (this.refusal !== undefined) return this.refusal;
    const { credentials } = this.#options;
    const wanted = credentials && `Basic ${Buffer.from(decodeURIComponent(credentials)).toString('base64')}`;
    return headers['proxy-authorization'] === wanted ? otherwise : 407;
  }
}
