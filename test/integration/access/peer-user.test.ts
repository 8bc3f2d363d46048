import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { PeerUser } from '../../../collector/dist/access/peer-user.js';

async function connection(): Promise<Socket> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return (await accepted)[0];
}

it('the user at the other end of a connection is told from others', async () => {
  const socket = await connection();
  expect(await new PeerUser().isSame(socket)).toBe(true);
  const isRoot = process.getuid?.() === 0;
  expect(await new PeerUser(12_345).isSame(socket)).toBe(isRoot);
});

it('a connection that the kernel does not list is nobody’s yet, and is asked for again', async () => {
  const socket = await connection();
  const unlisted = { ...addressesOf(socket), remotePort: 1 } as unknown as Socket;
  const peers = new PeerUser();
  expect(await peers.isSame(unlisted)).toBeUndefined();
  Object.assign(unlisted, addressesOf(socket));
  expect(await peers.isSame(unlisted)).toBe(true);
});

function addressesOf({ remoteAddress, remotePort, localAddress, localPort }: Socket) {
  return { remoteAddress, remotePort, localAddress, localPort };
}
