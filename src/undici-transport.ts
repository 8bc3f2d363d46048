import { gzip } from 'node:zlib';
import { type ExportResponse, type IExporterTransport, OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import type { Dispatcher } from 'undici';
import { answerOfStatus, type DeliveryAnswer, parseRetryAfter } from './delivery-answer.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Endpoint } from './endpoints.ts';
import { errorText } from './errors.ts';
import { isWebPage } from './http-answer.ts';
import { readErrorText } from './otlp-response.ts';
import { wayTo } from './proxies.ts';

/** Longest answer that is read; what is longer is cut. */
const MAX_ANSWER_BYTES = 64 * 1024;
const CONNECTIONS = 2;

/** Failure of an export that carries what the server said through OpenTelemetry's delegate. */
export class DeliveryError extends OTLPExporterError {
  readonly answer: DeliveryAnswer;

  constructor(answer: Exclude<DeliveryAnswer, { kind: 'accepted' }>, status?: number) {
    super(answer.reason, status);
    this.answer = answer;
  }
}

/** Transport for OpenTelemetry's export delegate: one attempt per call, can be aborted, sees status and `Retry-After`. */
export class UndiciTransport implements IExporterTransport {
  readonly #endpoint: Endpoint;
  readonly #origin: string;
  readonly #path: string;
  readonly #dispatcher: Dispatcher;
  #inFlight: AbortController | undefined;

  constructor(endpoint: Endpoint) {
    const { origin, pathname, search } = new URL(endpoint.url);
    this.#endpoint = endpoint;
    this.#path = pathname + search;
    this.#origin = origin;
    this.#dispatcher = createDispatcher(endpoint, CONNECTIONS);
  }

  async send(data: Uint8Array, timeoutMillis: number): Promise<ExportResponse> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMillis} ms`)), timeoutMillis);
    this.#inFlight = controller;
    try {
      const body = this.#endpoint.gzip ? await compress(data) : data;
      const response = await this.#dispatcher.request({
        origin: this.#origin,
        path: this.#path,
        method: 'POST',
        headers: this.#headers(),
        body,
        signal: controller.signal,
      });
      const status = response.statusCode;
      const answerBytes = await readBody(response.body);
      const header = (name: string) => response.headers[name]?.toString();
      const isPage = isWebPage(header('content-type'));
      if (status >= 200 && status < 300) {
        if (!isPage) return { status: 'success', data: answerBytes };
        return failure({ kind: 'misconfigured', reason: `${this.#where} answered with a web page` }, status);
      }
      const text = isPage ? '' : readErrorText(answerBytes, header('content-type'));
      const reason = `${this.#where} answered ${status}${text === '' ? '' : `: ${text}`}`;
      return failure(answerOfStatus(status, reason, parseRetryAfter(header('retry-after'), Date.now())), status);
    } catch (error) {
      return failure({ kind: 'retry', reason: `${this.#where}: ${errorText(error)}` });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the request that is under way, if any; the next one is sent as usual. */
  abort(): void {
    this.#inFlight?.abort(new Error('aborted'));
  }

  /** Ends what is under way and closes the connections. */
  shutdown(): void {
    this.abort();
    void this.#dispatcher.destroy();
  }

  get #where(): string {
    return `${this.#endpoint.url}${wayTo(this.#endpoint.url)}`;
  }

  #headers(): Record<string, string> {
    const encoding: Record<string, string> = this.#endpoint.gzip ? { 'content-encoding': 'gzip' } : {};
    return { ...this.#endpoint.headers, 'content-type': 'application/x-protobuf', ...encoding };
  }
}

function failure(answer: DeliveryAnswer, status?: number): ExportResponse {
  if (answer.kind === 'accepted') return { status: 'success' };
  return { status: 'failure', error: new DeliveryError(answer, status) };
}

function compress(data: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gzip(data, { level: 1 }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}

async function readBody(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks);
}
