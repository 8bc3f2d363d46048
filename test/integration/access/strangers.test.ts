import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startGuarded } from '../../support/guarded-collector.ts';

const CROWD = 1200;
const MAX_STRANGERS = 1000;

async function ask(url: string, agent: Agent, headers: Record<string, string>): Promise<IncomingMessage> {
  const [response] = (await once(get(`${url}/api/whoami`, { agent, headers }), 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  return response;
}

it('a crowd that says nothing keeps nobody out: its oldest go, who was let in stays, who comes is answered', async () => {
  const { collector, tokens } = await startGuarded({ ann: { username: 'ann', scopes: ['read'] } }, { grpcPort: 0 });
  await using _ending = collector;
  const headers = { authorization: `Bearer ${tokens.ann}` };
  const [known, later] = [new Agent({ keepAlive: true, maxSockets: 1 }), new Agent({ keepAlive: true })];
  const first = await ask(collector.url, known, headers);
  const crowd: Socket[] = [];
  try {
    for (const url of [collector.url, `http://${collector.grpcTarget}`]) {
      const { port } = new URL(url);
      const half = Array.from({ length: CROWD / 2 }, () => connect(Number(port), '127.0.0.1'));
      crowd.push(...half.map((socket) => socket.on('error', () => undefined).resume()));
      await Promise.all(half.map((socket) => once(socket, 'connect')));
    }
    await expect.poll(() => crowd.filter(({ closed }) => closed).length).toBe(CROWD - MAX_STRANGERS);
    expect(crowd.slice(CROWD / 2).some(({ closed }) => closed)).toBe(false);
    const again = await ask(collector.url, known, headers);
    expect([again.statusCode, again.socket === first.socket]).toEqual([200, true]);
    expect((await ask(collector.url, later, headers)).statusCode).toBe(200);
    const metrics = await fetch(`${collector.url}/metrics`, { headers });
    expect(await metrics.text()).toMatch(/refused_credentials_total\{reason="crowd"\} 20\d/);
  } finally {
    for (const socket of crowd) socket.destroy();
    known.destroy();
    later.destroy();
  }
});
