// `npm run bench [-- --short] [NAME…]`: runs the benchmarks, keeps their results and writes docs/benchmarks.md and the figures of the README from them.
// The short form shows that they work; only the full form is kept.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { writeFigures } from './figures.mjs';
import { fail, root, run, runNode } from './repository.mjs';

const BENCHES = [
  'log-metrics',
  'client',
  'ingest',
  'reading',
  'queries',
  'senders',
  'alerts',
  'artifacts',
  'page-runs',
  'footprint',
  'page',
];
const short = process.argv.includes('--short');
const asked = process.argv.slice(2).filter((arg) => arg !== '--short');
const unknown = asked.find((name) => !BENCHES.includes(name));
if (unknown !== undefined) fail(`There is no benchmark ${unknown}; there are ${BENCHES.join(', ')}.`, 2);

await ensureInstalled();
await ensureBuilt();
const setup = await run('bash', [join(root, 'test/support/otelcol/build.sh')], { quiet: true });
if (setup.code !== 0) fail(`The OpenTelemetry Collector, our peer, could not be built:\n${setup.output}`);

const results = join(root, 'bench/results');
mkdirSync(results, { recursive: true });
let missed = 0;
for (const name of asked.length > 0 ? asked : BENCHES) {
  process.stdout.write(`\n${name}${short ? ' (short)' : ''}\n`);
  const { code, output } = await runNode([join(root, `.cache/tools/bench/${name}.js`), ...(short ? ['--short'] : [])], {
    quiet: true,
  });
  if (code !== 0) fail(`bench/${name}.ts failed:\n${output}`);
  // What a client under test warns of stands beside its result.
  const line = output.split('\n').findLast((one) => one.startsWith('{"short":'));
  if (line === undefined) fail(`bench/${name}.ts printed no result:\n${output}`);
  const result = JSON.parse(line);
  for (const row of result.rows)
    process.stdout.write(
      `  ${row.reached ? ' ' : '!'} ${row.what}: ${row.measured}${row.peer && ` (${row.peer})`}${row.mustReach && `, must reach ${row.mustReach}`}\n`,
    );
  missed += result.rows.filter((row) => !row.reached).length;
  if (!short)
    writeFileSync(
      join(results, `${name}.json`),
      `${JSON.stringify({ date: new Date().toISOString(), machine: machine(), ...result }, null, 2)}\n`,
    );
}
if (!short) {
  writeFileSync(join(root, 'docs/benchmarks.md'), page());
  writeFigures();
}
// A short run on a busy machine proves that the benchmarks work, not what they measure.
process.exitCode = missed > 0 && !short ? 1 : 0;

function machine() {
  const [cpu] = cpus();
  return `${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
}

function page() {
  const parts = BENCHES.map((name) => {
    const { date, machine: where, rows } = readResult(name);
    if (rows.length === 0) return `## ${name}\n\nNot measured yet: \`npm run bench -- ${name}\`.\n`;
    const lines = rows.map(
      (row) =>
        `| ${[row.what, row.mustReach || 'stated', row.measured, row.peer || '–', row.ratio || '–', row.reached ? 'yes' : '**no**'].join(' | ')} |`,
    );
    return [
      `## ${name}`,
      '',
      `\`npm run bench -- ${name}\`, ${date.slice(0, 10)}, ${where}.`,
      '',
      '| what | must reach | measured | peer | ratio | reached |',
      '|---|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n');
  });
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench` from `bench/results/`; not edited by hand. A peer does the same work on the same machine in the same run;',
    'a ratio is our figure over that of the peer. "Collector" is a real OpenTelemetry Collector with a queue on disk and fsync, taking turns with ours.',
    'Trackers are the published packages (`bench/peers/`). Generator, collector and peer share the cores of one machine.',
    '',
    ...parts,
  ].join('\n');
}

function readResult(name) {
  try {
    return JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return { rows: [] };
    throw error;
  }
}
