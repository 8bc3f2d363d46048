import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { workerData } from 'node:worker_threads';
import type { ExitDeliveryData, ExitRequest } from './exit-delivery.ts';

const RETRY_MILLIS = 100;

const { requests, progress } = workerData as ExitDeliveryData;

for (const exitRequest of requests) {
  while (!(await post(exitRequest))) await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
  Atomics.add(progress, 1, 1);
}
Atomics.store(progress, 0, 1);
Atomics.notify(progress, 0);

/** Resolves with false when the same may succeed a moment later; the waiting thread sets the time limit. */
function post({ endpoint, body }: ExitRequest): Promise<boolean> {
  const { url, headers } = endpoint;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-protobuf', 'content-length': body.length },
    };
    const outgoing = send(url, options, (response) => {
      const status = response.statusCode ?? 0;
      response.resume().on('end', () => resolve(status !== 408 && status !== 429 && status < 500));
    });
    outgoing.on('error', () => resolve(false));
    outgoing.end(body);
  });
}
