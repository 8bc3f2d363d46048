import type { Dispatcher } from 'undici';
import { parseRetryAfter, retryDelayMillis } from '../delivery-answer.ts';
import type { ControlAddress } from '../endpoints.ts';
import { errorText, SimvueError } from '../errors.ts';
import { wayTo } from '../proxies.ts';
import { parsePythonJson } from '../python-json.ts';
import { answerError, UnavailableError } from './answer-error.ts';

const TIMEOUT_MILLIS = 10_000;
/** Longest answer that is taken into memory. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** One request of the REST API. */
export interface ControlRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api`, starts with `/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Encoded already; sent instead of `json`. */
  readonly msgpack?: Uint8Array;
  readonly signal?: AbortSignal;
}

interface SendOptions extends Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'> {
  readonly signal?: AbortSignal | undefined;
  /** Longest silence of the server once the request is sent. */
  readonly timeoutMillis?: number;
}

/** Asks the REST API of a collector; every failure is a `SimvueError`, one that may pass an `UnavailableError`. */
export class ControlClient {
  readonly #address: ControlAddress;
  readonly #onUnavailable: (error: UnavailableError) => void;
  #dispatcher: Promise<Dispatcher> | undefined;

  /** @param onUnavailable - told of each failure after which a request is tried again. */
  constructor(address: ControlAddress, onUnavailable: (error: UnavailableError) => void = () => undefined) {
    this.#address = address;
    this.#onUnavailable = onUnavailable;
  }

  get url(): string {
    return this.#address.url;
  }

  /** @returns the parsed JSON of the answer. */
  async json<Answer>(request: ControlRequest): Promise<Answer> {
    const { body } = await this.open(request);
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const piece of body) {
        bytes += piece.length;
        if (bytes > MAX_ANSWER_BYTES) throw new SimvueError('SIMVUE_ERR_TOO_LARGE', `${request.path}: ask for less`);
        pieces.push(piece);
      }
    } catch (error) {
      if (error instanceof SimvueError) throw error;
      throw new UnavailableError(`${request.path}: ${errorText(error)}`);
    }
    try {
      return parsePythonJson(Buffer.concat(pieces).toString()) as Answer;
    } catch (error) {
      const message = `${this.#address.url} answers ${request.path} with what is no JSON: it is no collector`;
      throw new SimvueError('SIMVUE_ERR_MALFORMED', message, { cause: error });
    }
  }

  /** As {@link json}, again and again until there is an answer that is not "later", or `signal` aborts. */
  jsonEventually<Answer>(request: ControlRequest & { readonly signal: AbortSignal }): Promise<Answer> {
    return untilAnswered(() => this.json(request), request.signal, this.#onUnavailable);
  }

  /** @returns the answer with its body unread; the caller must read or dump it. */
  open({ method, path, query = {}, json, msgpack, signal }: ControlRequest): Promise<Dispatcher.ResponseData> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
    const body = msgpack ?? (json === undefined ? null : JSON.stringify(json));
    const contentType = `application/${msgpack === undefined ? 'json' : 'msgpack'}`;
    const headers = { ...this.#address.headers, ...(body === null ? {} : { 'content-type': contentType }) };
    return this.send(`${this.#address.url}/api${path}${search}`, { method, headers, body, signal });
  }

  /** One request to any address, without our credentials. */
  async send(
    url: string,
    { signal, timeoutMillis = TIMEOUT_MILLIS, ...options }: SendOptions,
  ): Promise<Dispatcher.ResponseData> {
    const { origin, pathname, search } = new URL(url);
    this.#dispatcher ??= connect(this.#address);
    const dispatcher = await this.#dispatcher;
    const response = await dispatcher
      .request({
        ...options,
        origin,
        path: pathname + search,
        headersTimeout: timeoutMillis,
        bodyTimeout: timeoutMillis,
        ...(signal === undefined ? {} : { signal }),
      })
      .catch((error: unknown) => {
        if (error instanceof SimvueError) throw error;
        throw new UnavailableError(`${origin} does not answer${wayTo(url)}: ${errorText(error)}`);
      });
    if (response.statusCode < 300) return response;
    const what = `${options.method} ${pathname}${wayTo(url)}`;
    const retryAfter = parseRetryAfter(response.headers['retry-after']?.toString(), Date.now());
    throw answerError(what, response.statusCode, await response.body.text(), retryAfter);
  }

  async close(): Promise<void> {
    await (await this.#dispatcher)?.destroy();
  }
}

/** Most programs need no REST request until they run: what makes one is loaded with the first. */
async function connect(address: ControlAddress): Promise<Dispatcher> {
  const { createDispatcher } = await import('../dispatcher.ts');
  return createDispatcher(address);
}

/** Repeats `work`, with growing pauses, while it fails with `UnavailableError`. */
export async function untilAnswered<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
  onUnavailable: (error: UnavailableError) => void = () => undefined,
): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnavailableError) || signal.aborted) throw error;
      onUnavailable(error);
      await pause(retryDelayMillis(failures, error.retryAfterMillis), signal);
      if (signal.aborted) throw error;
    }
  }
}

/** Ends early, without a failure, when `signal` aborts; does not keep the process alive. */
function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis).unref();
    signal.addEventListener('abort', end);
  });
}
