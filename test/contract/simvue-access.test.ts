import { describe, expect, test } from 'vitest';
import { startGuarded } from '../support/guarded-collector.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

const BOTH = ['read', 'ingest'] as const;
const USERS = {
  owner: { username: 'owner', scopes: BOTH, tenant: 'one' },
  colleague: { username: 'colleague', scopes: BOTH, tenant: 'one' },
  guest: { username: 'guest', scopes: BOTH, tenant: 'two' },
  stranger: { username: 'stranger', scopes: BOTH, tenant: 'three' },
  reader: { username: 'reader', scopes: ['read'], tenant: 'three' },
} as const;

describe.concurrent.each(CLIENT_VERSIONS)('the Python client %s', (version) => {
  test('does with its token what the user may, is told so otherwise, and sees what it may', async () => {
    const { collector: guarded, tokens } = await startGuarded(USERS);
    await using collector = guarded;
    await using client = await SimvueClient.of(version);
    const as = (who: string, token: string, runs = {}) =>
      client.run<Record<string, string>>('simvue_access.py', collector.url, {
        WHO: who,
        SIMVUE_TOKEN: token,
        RUNS: JSON.stringify(runs),
      });
    const runs = await as('owner', tokens.owner);
    const others = ['colleague', 'guest', 'stranger', 'reader'] as const;
    for (const seen of await Promise.all(others.map((who) => as(who, tokens[who], runs)))) expect(seen).toEqual(runs);
    await as(
      'unknown',
      tokens.owner.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    );
  });
});
