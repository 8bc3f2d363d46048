// `node scripts/openapi.mjs`: writes docs/openapi.json as the collector of this tree serves it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { root } from './repository.mjs';

await ensureInstalled();
await ensureBuilt();
const { createApp } = await import(join(root, 'collector/dist/app.js'));
const { readConfig } = await import(join(root, 'collector/dist/config.js'));

const directory = await mkdtemp(join(tmpdir(), 'simvue-openapi-'));
const config = readConfig(['--port', '0', '--data', directory], {}, '');
const onFatal = (error) => {
  throw error;
};
const app = await createApp(config, { version: '0.0.0', onFatal });
try {
  const answer = await fetch(`${app.url}/api/openapi.json`);
  await writeFile(join(root, 'docs/openapi.json'), `${JSON.stringify(await answer.json(), undefined, 2)}\n`);
} finally {
  await app.close();
  await rm(directory, { recursive: true });
}
