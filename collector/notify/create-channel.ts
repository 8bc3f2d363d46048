import { configError } from 'simvue-otel/errors';
import { AlertmanagerChannel } from './alertmanager-channel.ts';
import type { ChannelEntry } from './alerts-file.ts';
import type { Channel } from './channel.ts';
import type { SendRate } from './channel-queue.ts';
import { EmailChannel } from './email-channel.ts';
import { HttpSender } from './http-sender.ts';
import { OtlpChannel } from './otlp-channel.ts';
import { SlackChannel } from './slack-channel.ts';
import type { TargetCheck } from './target-check.ts';
import { WebhookChannel } from './webhook-channel.ts';

const SMTP_PORT = 587;
const SMTPS_PORT = 465;
/** People are not called more often than this, programs may be. */
const RATE_OF_PEOPLE: SendRate = { burst: 5, perMinute: 2 };
const RATE_OF_PROGRAMS: SendRate = { burst: 1_000, perMinute: 6_000 };

export interface ChannelParts {
  readonly check: TargetCheck;
  readonly environment: NodeJS.ProcessEnv;
  /** Wall time, milliseconds since the epoch. */
  readonly clock: () => number;
}

/** @throws SimvueError `SIMVUE_ERR_CONFIG` that names the place in the file. */
export function createChannel(name: string, entry: ChannelEntry, parts: ChannelParts): Channel {
  const at = `--alerts: channels.${name}`;
  if (entry.type === 'email') return createEmail(name, entry, parts);
  if (entry.type === 'webhook') {
    const secret = readSecret(`${at}.secret_env`, entry.secret, entry.secret_env, parts.environment);
    return new WebhookChannel(name, httpSender(`${at}.url`, entry.url, parts), secret, parts.clock);
  }
  const path = entry.type === 'alertmanager' ? '/api/v2/alerts' : entry.type === 'otlp' ? '/v1/logs' : '';
  const sender = httpSender(`${at}.url`, entry.url.replace(/\/+$/, '') + path, parts);
  if (entry.type === 'slack') return new SlackChannel(name, sender);
  return entry.type === 'otlp' ? new OtlpChannel(name, sender) : new AlertmanagerChannel(name, sender, parts.clock);
}

/** How often a channel is used; `max_per_minute` of its entry changes it. */
export function sendRate({ type, max_per_minute: perMinute }: ChannelEntry): SendRate {
  const rate = type === 'email' || type === 'slack' ? RATE_OF_PEOPLE : RATE_OF_PROGRAMS;
  return perMinute === undefined ? rate : { burst: Math.max(1, Math.min(rate.burst, perMinute)), perMinute };
}

function createEmail(
  name: string,
  entry: Extract<ChannelEntry, { type: 'email' }>,
  { environment }: ChannelParts,
): Channel {
  const at = `--alerts: channels.${name}`;
  const url = readUrl(`${at}.smtp`, entry.smtp, ['smtp:', 'smtps:']);
  const isSecure = url.protocol === 'smtps:';
  return new EmailChannel(name, {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? SMTPS_PORT : SMTP_PORT) : Number(url.port),
    isSecure,
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password:
      readSecret(`${at}.password_env`, entry.password, entry.password_env, environment) ??
      decodeURIComponent(url.password),
    from: entry.from,
    to: entry.to,
  });
}

function httpSender(at: string, text: string, { check }: ChannelParts): HttpSender {
  return new HttpSender(readUrl(at, text, ['http:', 'https:']), check);
}

/** The address itself is not told: it may hold a secret. */
function readUrl(at: string, text: string, protocols: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && protocols.includes(url.protocol)) return url;
  throw configError(at, `is not an address that begins with ${protocols.join(' or ')}`, 'See docs/alerts.md');
}

function readSecret(
  at: string,
  value: string | undefined,
  variable: string | undefined,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (variable === undefined) return value;
  const secret = environment[variable];
  if (secret === undefined || secret === '')
    throw configError(at, `the variable ${variable} is not set`, 'Set it, or give the secret');
  return secret;
}
