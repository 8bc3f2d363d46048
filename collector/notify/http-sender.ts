import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { DeliveryFailure } from './delivery-failure.ts';
import type { TargetCheck } from './target-check.ts';

const TIMEOUT_MILLISECONDS = 10_000;
/** It is what was sent that is not taken: smaller, or without one of them, it may be. */
const REFUSALS = [400, 413, 422];
/** Of an answer that says why it was refused. */
const MAX_REASON_CHARACTERS = 300;

/** Posts to one address that a configuration names; follows no redirects. */
export class HttpSender {
  readonly #url: URL;
  readonly #check: TargetCheck;
  readonly #agent: HttpAgent;

  constructor(url: URL, check: TargetCheck) {
    this.#url = url;
    this.#check = check;
    const options = { keepAlive: true, maxSockets: 4, lookup: check.lookup };
    this.#agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** @throws DeliveryFailure with status and beginning of the answer when it is not a success. */
  async post(body: Buffer, headers: Readonly<Record<string, string>>): Promise<void> {
    this.#check.checkUrl(this.#url);
    const { status, text, retryAfter } = await this.#exchange(body, headers);
    if (status >= 200 && status < 300) return;
    throw new DeliveryFailure(`${this.#url.host} answered ${status}: ${text}`.trim(), {
      isRefused: REFUSALS.includes(status),
      retryAfterMilliseconds: retryAfterMilliseconds(retryAfter),
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(body: Buffer, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const request = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      const fail = (error: Error): void => {
        const late = `${this.#url.host} did not answer within ${TIMEOUT_MILLISECONDS} ms`;
        reject(signal.aborted ? new Error(late) : error);
      };
      const outgoing = request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': body.length },
        signal,
      });
      outgoing.on('error', fail);
      outgoing.on('response', (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        const answer = (text: string): void => resolve({ status, text, retryAfter: answered['retry-after'] });
        // It is taken: what else it says, or never ends to say, does not matter.
        if (status >= 200 && status < 300) answer('');
        readReason(response).then(answer, fail);
      });
      outgoing.end(body);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
}

/** @param header - seconds, or a date. */
function retryAfterMilliseconds(header: string | undefined): number {
  if (header === undefined) return 0;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? 0 : milliseconds;
}

async function readReason(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += chunk;
    if (text.length >= MAX_REASON_CHARACTERS) break;
  }
  return text.slice(0, MAX_REASON_CHARACTERS);
}
