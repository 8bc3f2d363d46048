import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Endpoint } from './endpoints.ts';
import { PROXY_VARIABLES, proxyFor } from './proxies.ts';

/** One request that is sent while the process ends. */
export interface ExitRequest {
  readonly endpoint: Endpoint;
  readonly body: Uint8Array;
}

/** Shared with the worker thread: index 0 = finished, index n + 1 = request n was taken. */
export interface ExitDeliveryData {
  readonly requests: readonly (ExitRequest & { readonly isProxied: boolean })[];
  readonly triesAgain: boolean;
  readonly progress: Int32Array;
}

/**
 * Sends requests in order from a worker thread while this thread waits: works in an `exit` listener, where the event
 * loop is gone. A thread starts in 30 ms, a child process in 90, and needs no permission to fork.
 *
 * @param triesAgain - whether a server that does not answer is asked again: not when the data is safe anyhow.
 * @returns the requests that the server took.
 */
export function deliverWhileExiting<Request extends ExitRequest>(
  requests: readonly Request[],
  timeoutMillis: number,
  triesAgain: boolean,
): Request[] {
  const file = workerFile();
  if (requests.length === 0 || timeoutMillis <= 0 || file === undefined) return [];
  const progress = new Int32Array(new SharedArrayBuffer(4 * (requests.length + 1)));
  const workerData: ExitDeliveryData = {
    requests: requests.map(({ endpoint, body }) => {
      return { endpoint, body, isProxied: proxyFor(endpoint.url, process.env) !== undefined };
    }),
    triesAgain,
    progress,
  };
  const worker = new Worker(file, {
    workerData,
    env: proxyVariables(),
    execArgv: [],
    name: 'simvue-otel exit delivery',
  });
  worker.unref();
  Atomics.wait(progress, 0, 0, timeoutMillis);
  return requests.filter((_, index) => Atomics.load(progress, index + 1) === 1);
}

/** No other variables: options for Node among them would hold for the worker too. */
function proxyVariables(): Record<string, string> {
  const given = PROXY_VARIABLES.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** Bundlers leave the file behind, and some the place of this one. */
function workerFile(): URL | undefined {
  if (!URL.canParse(import.meta.url)) return undefined;
  const url = new URL('./exit-delivery-worker.js', import.meta.url);
  return existsSync(url) ? url : undefined;
}
