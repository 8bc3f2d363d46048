import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that keeps what is posted to it and answers as told. */
export class HttpReceiver implements AsyncDisposable {
  readonly received: ReceivedMessage[] = [];
  /** Status of the next answers; a string redirects there. */
  answer: number | string = 200;
  /** Done when a request has come and before it is answered. */
  beforeAnswer: () => unknown = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      for await (const chunk of request) body += chunk;
      this.received.push({ path: request.url ?? '', headers: request.headers, body });
      await this.beforeAnswer();
      if (typeof this.answer === 'string') response.writeHead(302, { location: this.answer }).end();
      else response.writeHead(this.answer).end(this.answer < 300 ? '' : 'not today');
    });
  }

  static async start(): Promise<HttpReceiver> {
    const receiver = new HttpReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Bodies read as JSON. */
  json<T>(): T[] {
    return this.received.map(({ body }) => JSON.parse(body) as T);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A real SMTP server without TLS that keeps the mails, and the passwords, it is given. */
export class MailReceiver implements AsyncDisposable {
  readonly mails: string[] = [];
  readonly passwords: string[] = [];
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onAuth: ({ username, password }, _session, callback) => {
        this.passwords.push(password ?? '');
        callback(null, { user: username ?? '' });
      },
      onData: async (stream, _session, callback) => {
        let mail = '';
        for await (const chunk of stream) mail += chunk;
        this.mails.push(mail);
        callback();
      },
    });
  }

  static async start(): Promise<MailReceiver> {
    const receiver = new MailReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
