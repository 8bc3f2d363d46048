import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { HttpSender } from '../../../collector/notify/http-sender.ts';
import { TargetCheck } from '../../../collector/notify/target-check.ts';

let server: Server;
let sender: HttpSender;
afterEach(async () => {
  sender.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function listen(host: string, allowed: string, listener: RequestListener): Promise<void> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  sender = new HttpSender(new URL(`http://${host}:${port}/`), new TargetCheck([allowed]));
}
const post = () => sender.post(Buffer.from('{}'), { 'content-type': 'application/json' });

it.each([
  [400, { isRefused: true }],
  [413, { isRefused: true }],
  [410, { isRefused: false, retryAfterMilliseconds: 0 }],
  [500, { isRefused: false, retryAfterMilliseconds: 0 }],
  [429, { isRefused: false, retryAfterMilliseconds: 120_000 }],
])('tells what an answer %i means for the next attempt', async (status, hints) => {
  const headers = status === 429 ? { 'retry-after': '120' } : {};
  await listen('127.0.0.1', '127.0.0.0/8', (_, response) => response.writeHead(status, headers).end('because'));
  await expect(post()).rejects.toMatchObject({
    message: expect.stringContaining(`answered ${status}: because`),
    ...hints,
  });
});

it('is content with a good status, although the answer never ends', async () => {
  await listen('127.0.0.1', '127.0.0.0/8', (_, response) => response.writeHead(200).write('still thinking'));
  await post();
});

it('reads no more of a refusal than it tells', async () => {
  await listen('127.0.0.1', '127.0.0.0/8', (_, response) => response.writeHead(500).write('x'.repeat(100_000)));
  await expect(post()).rejects.toThrow(/answered 500: x{300}$/);
});

it('sends nothing to a name that stands for a private address', async () => {
  let asked = 0;
  await listen('localhost', '10.0.0.0/8', (_, response) => {
    asked++;
    response.end();
  });
  await expect(post()).rejects.toThrow(/localhost is the private address (127\.0\.0\.1|::1): list its range/);
  expect(asked).toBe(0);
});
