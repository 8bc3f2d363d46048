import type { Transporter } from 'nodemailer';
import { errorText } from 'simvue-otel/errors';
import type { Channel, Delivery } from './channel.ts';
import { DeliveryFailure } from './delivery-failure.ts';
import { details, headline, summary } from './wording.ts';

const GROUP_SIZE = 500;
/** Of several messages a mail lists all, and tells so many at length. */
const MAX_DETAILED = 10;
/** Too large, or not liked for what it says. */
const REFUSALS = [552, 554];
const TIMEOUT_MILLISECONDS = 10_000;

export interface EmailSettings {
  readonly host: string;
  readonly port: number;
  /** True = TLS from the first byte; false = STARTTLS where the server offers it, and always before a user signs in. */
  readonly isSecure: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

/** Mails in plain text and HTML; messages of one moment share a mail. */
export class EmailChannel implements Channel {
  readonly groupSize = GROUP_SIZE;
  readonly name: string;
  complaint: string | undefined;
  readonly #settings: EmailSettings;
  #transport: Promise<Transporter> | undefined;

  constructor(name: string, settings: EmailSettings) {
    this.name = name;
    this.#settings = settings;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    const [first] = deliveries;
    if (first === undefined) return;
    const { from, to } = this.#settings;
    const told = deliveries.slice(0, MAX_DETAILED);
    const list = deliveries.length > 1 ? deliveries : [];
    this.#transport ??= connect(this.#settings);
    const transport = await this.#transport;
    const mail = {
      from,
      to: [...to],
      subject: oneLine(summary(deliveries)),
      messageId: `<${first.id}.${deliveries.length}@simvue-otel>`,
      text: [
        ...(list.length === 0 ? [] : [list.map((one) => `- ${headline(one)}\n  ${one.url}`).join('\n')]),
        ...told.map((one) => [headline(one), ...details(one)].join('\n')),
      ].join('\n\n'),
      html: [...(list.length === 0 ? [] : [`<ul>${list.map(htmlLine).join('')}</ul>`]), ...told.map(htmlOf)].join(
        '<hr>',
      ),
    };
    try {
      const { rejected = [] } = await transport.sendMail(mail);
      this.complaint = rejected.length === 0 ? undefined : `the mail server refuses ${rejected.join(', ')}`;
    } catch (error) {
      const { responseCode } = error as { readonly responseCode?: number };
      throw new DeliveryFailure(errorText(error), { isRefused: REFUSALS.includes(responseCode ?? 0) });
    }
  }

  async close(): Promise<void> {
    (await this.#transport)?.close();
  }
}

/** The library is loaded with the first mail: most collectors send none. */
async function connect({ host, port, isSecure: secure, user, password }: EmailSettings): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' }, requireTLS: true }),
    connectionTimeout: TIMEOUT_MILLISECONDS,
    greetingTimeout: TIMEOUT_MILLISECONDS,
    socketTimeout: TIMEOUT_MILLISECONDS,
  });
}

function htmlLine(delivery: Delivery): string {
  return `<li><a href="${escapeHtml(delivery.url)}">${escapeHtml(headline(delivery))}</a></li>`;
}

function htmlOf(delivery: Delivery): string {
  const lines = details(delivery)
    .slice(0, -1)
    .map((line) => `<div>${escapeHtml(line)}</div>`);
  const link = `<p><a href="${escapeHtml(delivery.url)}">Open the run</a></p>`;
  return `<h3>${escapeHtml(headline(delivery))}</h3>${lines.join('')}${link}`;
}

/** Names come from programs: a line break in a subject would be a header. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 200);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
