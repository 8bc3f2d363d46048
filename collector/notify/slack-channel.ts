import type { Channel, Delivery } from './channel.ts';
import type { HttpSender } from './http-sender.ts';
import { details, headline, summary } from './wording.ts';

/** Blocks that a message may have, less the heading. */
const GROUP_SIZE = 40;

/** Posts to an incoming webhook of Slack, or of a program that takes the same form (Mattermost, Rocket.Chat). */
export class SlackChannel implements Channel {
  readonly groupSize = GROUP_SIZE;
  readonly name: string;
  readonly #sender: HttpSender;

  constructor(name: string, sender: HttpSender) {
    this.name = name;
    this.#sender = sender;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    const text = escapeText(summary(deliveries));
    const blocks = deliveries.map((delivery) => ({
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: `*${escapeText(headline(delivery))}*\n${details(delivery).map(escapeText).join('\n')}`.slice(0, 3_000),
      },
    }));
    await this.#sender.post(Buffer.from(JSON.stringify({ text, blocks })), { 'content-type': 'application/json' });
  }

  async close(): Promise<void> {
    this.#sender.close();
  }
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
