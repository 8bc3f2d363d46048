// `node scripts/openapi.mjs`: writes docs/openapi.json as the collector of this tree serves it, and the list of its routes in docs/rest-api.md.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { root } from './repository.mjs';

const [BEGIN, END] = ['<!-- routes -->', '<!-- /routes -->'];

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
  const document = await answer.json();
  await writeFile(join(root, 'docs/openapi.json'), `${JSON.stringify(document, undefined, 2)}\n`);
  const path = join(root, 'docs/rest-api.md');
  const text = await readFile(path, 'utf8');
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  await writeFile(path, `${text.slice(0, before)}\n${routeTable(document)}\n${text.slice(after)}`);
} finally {
  await app.close();
  await rm(directory, { recursive: true });
}

/** A row an operation, by group. */
function routeTable({ paths }) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { tags, summary }]) => ({ group: tags[0], method, path, summary })),
  );
  const groups = new Set(operations.map(({ group }) => group).sort());
  const rows = [...groups].flatMap((name) =>
    operations
      .filter(({ group }) => group === name)
      .map(({ method, path, summary }) => `| ${name} | \`${method.toUpperCase()} ${path}\` | ${summary} |`),
  );
  return ['| | route | |', '|---|---|---|', ...rows].join('\n');
}
