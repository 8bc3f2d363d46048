// Prints what a first visit downloads and fails above the budget.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 60_000;
const directory = fileURLToPath(new URL('../collector/dist/web/', import.meta.url));
let total = 0;
for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|css)$/.test(name)) continue;
  const size = gzipSync(readFileSync(directory + name), { level: 9 }).length;
  total += size;
  process.stdout.write(`${(size / 1000).toFixed(1).padStart(7)} kB  ${name}\n`);
}
process.stdout.write(`${(total / 1000).toFixed(1).padStart(7)} kB  JavaScript and CSS, gzip (budget ${BUDGET_BYTES / 1000} kB)\n`);
if (total > BUDGET_BYTES) process.exit(1);
