import { expect, test } from 'vitest';
import { inRepository } from '../support/repository.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

/** Members that no program of `test/contract/python` names. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/\.on_reconnect$/, 'simvue-sender'],
  [/^simvue\.Run\.(mode|user_config|dispatcher)$/, 'asks nothing of the server'],
  [/\.(staged|staging|append_to_staging|base_url|endpoint|label|user_config)$/, 'asks nothing of the server'],
  [/\.(is_read_only|run_grids_endpoint|storage_ca_cert|get_visibility)$/, 'asks nothing of the server'],
  [/^objects\.(Stats\.id|StorageBase\.type)$/, 'asks nothing of the server'],
];

/**
 * The table is a file: a new version of the client changes it. Each row is a public member by the class that defines it, used by a
 * program of `test/contract/python` unless the row says otherwise.
 */
test.each(CLIENT_VERSIONS)('every public member of client %s has a row, and is used', async (version) => {
  await using client = await SimvueClient.of(version);
  const { members } = await client.run<{ members: Readonly<Record<string, readonly string[]>> }>(
    'simvue_surface.py',
    'http://127.0.0.1:9',
  );
  const rows = Object.entries(members).map(([member, programs]) => {
    const elsewhere = ELSEWHERE.find(([pattern]) => pattern.test(member))?.[1];
    if (programs.length > 0) return member;
    return elsewhere === undefined ? `${member}: unused` : `${member}: ${elsewhere}`;
  });
  expect(rows.filter((row) => row.endsWith(': unused'))).toEqual([]);
  const table = rows.sort().map((row) => `${row}\n`);
  await expect(table.join('')).toMatchFileSnapshot(inRepository(`test/contract/surface/simvue-${version}.txt`));
});
