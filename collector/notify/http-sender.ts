import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { TargetCheck } from './target-check.ts';

const TIMEOUT_MILLISECONDS = 10_000;
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

  /** @throws Error with status and beginning of the answer when it is not a success. */
  async post(body: Buffer, headers: Readonly<Record<string, string>>): Promise<void> {
    this.#check.checkUrl(this.#url);
    const { status, text } = await this.#exchange(body, headers);
    if (status >= 200 && status < 300) return;
    throw new Error(`${this.#url.host} answered ${status}: ${text}`.trim());
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(body: Buffer, headers: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
    const request = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      const outgoing = request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': body.length },
        signal,
      });
      outgoing.on('error', (error) => {
        reject(
          signal.aborted ? new Error(`${this.#url.host} did not answer within ${TIMEOUT_MILLISECONDS} ms`) : error,
        );
      });
      outgoing.on('response', (response) => {
        readReason(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      outgoing.end(body);
    });
  }
}

async function readReason(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) if (text.length < MAX_REASON_CHARACTERS) text += chunk;
  return text.slice(0, MAX_REASON_CHARACTERS);
}
