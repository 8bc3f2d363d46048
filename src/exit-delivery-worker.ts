import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { workerData } from 'node:worker_threads';
import type { ExitDeliveryData, ExitRequest } from './exit-delivery.ts';

const RETRY_MILLIS = 100;
const NO_ANSWER = 0;

const { requests, triesAgain, progress } = workerData as ExitDeliveryData;

for (const [index, exitRequest] of requests.entries()) {
  let status = await post(exitRequest);
  while (isTransient(status)) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    status = await post(exitRequest);
  }
  if (status === NO_ANSWER) break;
  if (status < 300) Atomics.store(progress, index + 1, 1);
}
Atomics.store(progress, 0, 1);
Atomics.notify(progress, 0);

/** The same may succeed a moment later; the waiting thread sets the time limit. */
function isTransient(status: number): boolean {
  return status === NO_ANSWER ? triesAgain : status === 408 || status === 429 || status >= 500;
}

function post({ endpoint, body }: ExitRequest): Promise<number> {
  const { url, headers, tls } = endpoint;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const options = {
      method: 'POST',
      ...tls,
      headers: { ...headers, 'content-type': 'application/x-protobuf', 'content-length': body.length },
    };
    const outgoing = send(url, options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? NO_ANSWER));
    });
    outgoing.on('error', () => resolve(NO_ANSWER));
    outgoing.end(body);
  });
}
