import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { proxiesFor } from './proxies.ts';
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
  const proxies = proxiesFor(url, process.env);
  if (proxies === undefined) {
    return new Agent({ ...pool, ...(tls === undefined ? {} : { connect: tls }) });
  }
  return new EnvHttpProxyAgent({
    ...pool,
    ...proxies,
    ...(tls === undefined ? {} : { connect: tls, requestTls: tls }),
  });
}
