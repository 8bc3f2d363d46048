import { createHmac } from 'node:crypto';
import type { Channel, Delivery } from './channel.ts';
import type { HttpSender } from './http-sender.ts';

const GROUP_SIZE = 100;

/**
 * Posts `{"version":1,"messages":[…]}`. With a secret, `simvue-signature: t=<seconds since the epoch>,v1=<hex>` is the HMAC-SHA256 of
 * `<t>.<body>`.
 */
export class WebhookChannel implements Channel {
  readonly groupSize = GROUP_SIZE;
  readonly name: string;
  readonly #sender: HttpSender;
  readonly #secret: string | undefined;
  readonly #clock: () => number;

  /** @param clock - wall time, milliseconds since the epoch. */
  constructor(name: string, sender: HttpSender, secret: string | undefined, clock: () => number) {
    this.name = name;
    this.#sender = sender;
    this.#secret = secret;
    this.#clock = clock;
  }

  async send(messages: readonly Delivery[]): Promise<void> {
    const body = Buffer.from(JSON.stringify({ version: 1, messages }));
    await this.#sender.post(body, { 'content-type': 'application/json', ...this.#signature(body) });
  }

  async close(): Promise<void> {
    this.#sender.close();
  }

  #signature(body: Buffer): Record<string, string> {
    if (this.#secret === undefined) return {};
    const seconds = Math.floor(this.#clock() / 1000);
    const digest = createHmac('sha256', this.#secret).update(`${seconds}.`).update(body).digest('hex');
    return { 'simvue-signature': `t=${seconds},v1=${digest}` };
  }
}
