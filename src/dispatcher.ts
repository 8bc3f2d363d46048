import { Agent, type Dispatcher, type Pool, ProxyAgent } from 'undici';
import { type ProxyServer, proxyFor } from './proxies.ts';
import type { TlsMaterial } from './tls-files.ts';
import { unobservedPool } from './unobserved-client.ts';

/** What a connection needs to know about its server. */
export interface ConnectionTarget {
  readonly tls?: TlsMaterial | undefined;
}

const TUNNEL_TIMEOUT_MILLIS = 10_000;

/**
 * Makes the connections to a server: directly, or through the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` tell.
 *
 * @param connections - most of them at once.
 */
export function createDispatcher({ tls }: ConnectionTarget, connections = 16): Dispatcher {
  const pool = { connections, pipelining: 1 };
  return new Agent({
    ...pool,
    ...(tls === undefined ? {} : { connect: tls }),
    factory: (origin, options) => {
      const proxy = proxyFor(String(origin), process.env);
      return proxy === undefined ? unobservedPool(origin, options) : throughProxy(proxy, pool, tls);
    },
  });
}

/** Tunnels to `https` servers only: proxies that let CONNECT to other ports than 443 pass are rare. */
function throughProxy({ address }: ProxyServer, pool: Pool.Options, tls: TlsMaterial | undefined): Dispatcher {
  return new ProxyAgent({
    ...pool,
    uri: address,
    proxyTunnel: false,
    factory: (origin, options) => unobservedPool(origin, { ...pool, ...options }),
    clientFactory: (origin, options) => unobservedPool(origin, { ...options, headersTimeout: TUNNEL_TIMEOUT_MILLIS }),
    ...(tls === undefined ? {} : { requestTls: tls }),
  });
}
