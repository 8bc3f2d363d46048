import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { configError } from 'simvue-otel/errors';
import type { Principal } from '../pipeline/principal.ts';

/** Where the collector listens and by which address people reach it. */
export interface AccessRules {
  /** Address that the server is bound to. */
  readonly bindHost: string;
  /** Base of all links, when the collector is reached under another name than its own. */
  readonly publicUrl?: string | undefined;
}

/** Finds who asks. */
export interface RequestAuthenticator {
  /** False when requests without token are answered. */
  readonly needsToken: boolean;
  /** @throws SimvueError `SIMVUE_ERR_UNAUTHORISED`, or `SIMVUE_ERR_OVERLOADED` */
  authenticate(credentials: {
    readonly headers: IncomingHttpHeaders;
    readonly socket: Socket;
    readonly isTelemetry: boolean;
  }): Promise<Principal>;
  /** Who is at the other end needs no token: its URL is signed. */
  letIn(socket: Socket): void;
}

/** @returns why a request is refused, or undefined when it may pass. */
export type AccessCheck = (method: string, headers: IncomingHttpHeaders) => string | undefined;

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i;
const ORIGIN = /^https?:\/\/([^/?#@]+)$/i;
const LOOPBACK = /^(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\]|\[::ffff:127\.0\.0\.1\])$/;
const WILDCARD_HOSTS = new Set(['0.0.0.0', '::', '']);
const READING = new Set(['GET', 'HEAD']);

/**
 * The Host header must be a loopback name, the bind address or the host of the public
 * URL, on any port (a page of another site that rebinds its name to 127.0.0.1 still sends its own name); and what a browser sends
 * besides reads must come from this very origin.
 *
 * @param needsToken - then any Host will do: a page of another site has no token, and its name has no cookie.
 * @throws SimvueError `SIMVUE_ERR_CONFIG` when the public URL is not an http(s) URL.
 */
export function createAccessCheck({ bindHost, publicUrl }: AccessRules, needsToken: boolean): AccessCheck {
  const publicAddress = publicUrl === undefined ? undefined : parsePublicUrl(publicUrl);
  const names = new Set<string>();
  if (publicAddress !== undefined) names.add(publicAddress.hostname);
  if (!WILDCARD_HOSTS.has(bindHost)) names.add(bindHost.includes(':') ? `[${bindHost}]` : bindHost.toLowerCase());

  return (method, headers) => {
    const name = hostName(headers.host);
    if (name === undefined || !(needsToken || LOOPBACK.test(name) || names.has(name))) {
      return `Host ${JSON.stringify(headers.host ?? '')} is not this collector: use localhost, or start it with --public-url`;
    }
    const origin = headers.origin;
    if (READING.has(method) || origin === undefined) return undefined;
    const from = ORIGIN.exec(origin)?.[1]?.toLowerCase();
    if (from !== undefined && from === headers.host?.toLowerCase()) return undefined;
    if (publicAddress !== undefined && origin.toLowerCase() === publicAddress.origin) return undefined;
    return `Origin ${JSON.stringify(origin)} may not change anything here: open the collector's own page`;
  };
}

/** Name in a Host header, lower case, without port and final dot; undefined when it is not one. */
function hostName(host: string | undefined): string | undefined {
  return AUTHORITY.exec(host ?? '')?.[1]
    ?.toLowerCase()
    .replace(/\.$/, '');
}

function parsePublicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw configError(
    '--public-url',
    `${JSON.stringify(text)} is not an http or https URL`,
    'Give it as https://name[:port].',
  );
}
