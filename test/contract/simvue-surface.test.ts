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
 * The table is a file: a new version of the client, or a program that no longer uses a member, changes it. Each row is a public member,
 * by the class that defines it, and the first place where it is used.
 */
test.each(CLIENT_VERSIONS)('every public member of client %s has a row, and is used', async (version) => {
  await using client = await SimvueClient.of(version);
  const { members } = await client.run<{ members: Readonly<Record<string, readonly string[]>> }>(
    'simvue_surface.py',
    'http://127.0.0.1:9',
  );
  const rows = Object.entries(members).map(([member, programs]) => {
    const otherwise = ELSEWHERE.filter(([pattern]) => pattern.test(member)).map(([, where]) => where);
    return [member, programs.length > 0 ? programs : otherwise] as const;
  });
  expect(rows.filter(([, where]) => where.length === 0).map(([member]) => member)).toEqual([]);
  const table = rows.map(([member, where]) => `${member}: ${where[0]}\n`).sort();
  await expect(table.join('')).toMatchFileSnapshot(inRepository(`test/contract/surface/simvue-${version}.txt`));
});
