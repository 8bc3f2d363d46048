// Prints what the page downloads and fails when what the first view needs is above the budget.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 60_000;
const directory = fileURLToPath(new URL('../collector/dist/web/', import.meta.url));
const index = readFileSync(`${directory}index.html`, 'utf8');
const total = { first: 0, lazy: 0 };
for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|css)$/.test(name)) continue;
  const size = gzipSync(readFileSync(directory + name), { level: 9 }).length;
  const when = index.includes(`/${name}`) ? 'first' : 'lazy';
  total[when] += size;
  process.stdout.write(`${(size / 1000).toFixed(1).padStart(7)} kB  ${when}  ${name}\n`);
}
process.stdout.write(
  `${(total.first / 1000).toFixed(1).padStart(7)} kB  first view, gzip (budget ${BUDGET_BYTES / 1000} kB)\n`,
);
process.stdout.write(`${(total.lazy / 1000).toFixed(1).padStart(7)} kB  loaded when they are opened\n`);
if (total.first > BUDGET_BYTES) process.exit(1);
