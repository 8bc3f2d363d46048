import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { workerData } from 'node:worker_threads';
import type { Endpoint } from './endpoints.ts';
import type { ExitDeliveryData } from './exit-delivery.ts';
import { isTransientStatus, isWebPage } from './http-answer.ts';

const RETRY_MILLIS = 100;
const NO_ANSWER = 0;

type Headers = Readonly<Record<string, string>>;

const { requests, triesAgain, progress } = workerData as ExitDeliveryData;

for (const [index, { endpoint, body, isProxied }] of requests.entries()) {
  const post = isProxied ? postThroughProxy : postDirectly;
  const headers = { ...endpoint.headers, 'content-type': 'application/x-protobuf' };
  let status = await post(endpoint, headers, body);
  while (isTransient(status)) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    status = await post(endpoint, headers, body);
  }
  if (status === NO_ANSWER) break;
  if (status < 300) Atomics.store(progress, index + 1, 1);
}
Atomics.store(progress, 0, 1);
Atomics.notify(progress, 0);

/** The same may succeed a moment later; the waiting thread sets the time limit. */
function isTransient(status: number): boolean {
  return status === NO_ANSWER ? triesAgain : isTransientStatus(status);
}

function postDirectly({ url, tls }: Endpoint, headers: Headers, body: Uint8Array): Promise<number> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const options = { method: 'POST', ...tls, headers: { ...headers, 'content-length': body.length } };
    const outgoing = send(url, options, (response) => {
      response.resume().on('end', () => resolve(statusOf(response.statusCode, response.headers)));
    });
    outgoing.on('error', () => resolve(NO_ANSWER));
    outgoing.end(body);
  });
}

/** Loads more than the direct way, so only where it is needed. */
async function postThroughProxy(endpoint: Endpoint, headers: Headers, body: Uint8Array): Promise<number> {
  const { createDispatcher } = await import('./dispatcher.ts');
  const { origin, pathname, search } = new URL(endpoint.url);
  const dispatcher = createDispatcher(endpoint, 1);
  try {
    const response = await dispatcher.request({ origin, path: pathname + search, method: 'POST', headers, body });
    await response.body.dump();
    return statusOf(response.statusCode, response.headers);
  } catch {
    return NO_ANSWER;
  } finally {
    await dispatcher.destroy();
  }
}

/** A web page is the answer of something that has nothing to do with our data. */
function statusOf(status = NO_ANSWER, headers: IncomingHttpHeaders): number {
  return isWebPage(headers['content-type']) ? NO_ANSWER : status;
}
