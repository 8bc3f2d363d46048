import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { TlsMaterial } from './tls-files.ts';
import { unobservedPool } from './unobserved-client.ts';

/** What a connection needs to know about its server. */
export interface ConnectionTarget {
  readonly url: string;
  readonly tls?: TlsMaterial | undefined;
}

/**
 * Makes the connections to a server: directly, or through the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` tell.
 *
 * @param connections - most of them at once.
 */
export function createDispatcher({ url, tls }: ConnectionTarget, connections = 16): Dispatcher {
  const pool = { connections, pipelining: 1, factory: unobservedPool };
  const { hostname } = new URL(url);
  // What runs on this machine is never behind a proxy.
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) || !hasProxy()) {
    return new Agent({ ...pool, ...(tls === undefined ? {} : { connect: tls }) });
  }
  return new EnvHttpProxyAgent({ ...pool, ...(tls === undefined ? {} : { connect: tls, requestTls: tls }) });
}

function hasProxy(): boolean {
  const { env } = process;
  return ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'].some((name) => (env[name] ?? '') !== '');
}
