import { Agent, type IncomingMessage, request } from 'node:http';

/** Outcome of one request: the HTTP status or the error code of the connection. */
export interface Answer {
  readonly outcome: number | string;
  readonly retryAfterMillis: number;
  readonly body: Buffer;
}

/** One keep-alive connection that posts OTLP requests one after the other. */
export class OtlpConnection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: URL;
  readonly #headers: Record<string, string>;

  constructor(url: string, gzip: boolean) {
    this.#url = new URL(url);
    this.#headers = { 'content-type': 'application/x-protobuf', ...(gzip ? { 'content-encoding': 'gzip' } : {}) };
  }

  post(body: Buffer): Promise<Answer> {
    return new Promise((resolve) => {
      const failed = (error: NodeJS.ErrnoException) =>
        resolve({ outcome: error.code ?? 'error', retryAfterMillis: 0, body: Buffer.alloc(0) });
      const outgoing = request(
        this.#url,
        { method: 'POST', agent: this.#agent, headers: { ...this.#headers, 'content-length': body.length } },
        (incoming) => collect(incoming).then(resolve, failed),
      );
      outgoing.on('error', failed);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function collect(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    outcome: incoming.statusCode ?? 0,
    retryAfterMillis: Number(incoming.headers['retry-after'] ?? 0) * 1000,
    body: Buffer.concat(chunks),
  };
}
