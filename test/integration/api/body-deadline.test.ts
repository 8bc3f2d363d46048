import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { watchBodies } from '../../../collector/dist/api/body-deadline.js';

const DEADLINE_MILLISECONDS = 150;

async function listen() {
  const server = Fastify();
  watchBodies(server, DEADLINE_MILLISECONDS);
  server.addContentTypeParser('*', async () => undefined);
  const readTo = (raw: IncomingMessage, end: string) =>
    new Promise<string>((resolve) => raw.on('data', (piece) => String(piece).includes(end) && resolve('read')));
  server.post('/whole', ({ raw }) => readTo(raw, '.'));
  server.post('/slow', { config: { slowBody: true } }, ({ raw }) => readTo(raw, '.'));
  server.post('/unread', { config: { slowBody: true } }, async () => 'not wanted');
  await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, port: (server.server.address() as AddressInfo).port };
}

/** Sends the head of a request and then `piece` every 60 ms until the connection ends. @returns what came back, and how long it lasted. */
async function trickle(
  port: number,
  path: string,
  pieces: readonly string[],
): Promise<{ text: string; millis: number }> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const start = performance.now();
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\ncontent-length: 1000\r\n\r\n`);
  for (const piece of pieces) {
    await sleep(60);
    socket.write(piece);
  }
  await closed;
  return { text, millis: performance.now() - start };
}

it('a body that is late ends the connection, one that is slow by right does not, and what is not wanted has a deadline too', async () => {
  const { server, port } = await listen();
  const late = await trickle(port, '/whole', ['a', 'a', 'a', 'a']);
  expect(late.text).toBe('');
  expect(late.millis).toBeGreaterThanOrEqual(DEADLINE_MILLISECONDS - 5);

  const slow = await trickle(port, '/slow', ['a', 'a', 'a', 'a', 'a', '.']);
  expect(slow.text).toMatch(/^HTTP\/1\.1 200 /);
  expect(slow.millis).toBeGreaterThan(2 * DEADLINE_MILLISECONDS);

  const unread = await trickle(port, '/unread', []);
  expect(unread.text).toMatch(/^HTTP\/1\.1 200 /);
  expect(unread.millis).toBeGreaterThanOrEqual(DEADLINE_MILLISECONDS - 5);
  await server.close();
});
