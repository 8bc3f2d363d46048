// `node scripts/figures.mjs [--check]`: writes the table of figures of the README from bench/results. With --check it writes nothing, and fails
// when the table is not what it would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './repository.mjs';

const [BEGIN, END] = ['<!-- figures -->', '<!-- /figures -->'];
const PAGE = join(root, 'README.md');
/** Benchmark, beginning of its row, and what the README calls it. */
const ROWS = [
  [
    'ingest',
    'durable ingest, 5,000-point bodies, 4',
    'durable ingest, large requests',
    'OpenTelemetry Collector, queue on disk',
  ],
  ['ingest', 'durable ingest, 100-point bodies', 'durable ingest, 32 senders of 100 points', 'OpenTelemetry Collector'],
  ['ingest', '— CPU per durable point', 'processor time for a durable point', 'OpenTelemetry Collector'],
  ['log-metrics', 'logMetrics of one value, journal', '`logMetrics`, on disk when it returns', ''],
  ['reading', '1,000,000 points of one series', 'chart of 1,000,000 points, over HTTP', ''],
  [
    'queries',
    '50 of 100,000 runs with 20 metadata keys, by tag and',
    '50 of 100,000 runs, by tag and status, over HTTP',
    '',
  ],
  ['footprint', 'bytes per stored point', 'disk for a stored point', ''],
  ['footprint', 'resident memory, idle', 'memory of the collector, idle', ''],
];

if (process.argv[1] === import.meta.filename) {
  if (!process.argv.includes('--check')) writeFigures();
  else if (readFileSync(PAGE, 'utf8') !== withFigures()) {
    process.stdout.write('the figures of README.md are not those of bench/results: node scripts/figures.mjs\n');
    process.exitCode = 1;
  }
}

/** Puts the figures of the benchmarks as they were run last into the README. */
export function writeFigures() {
  writeFileSync(PAGE, withFigures());
}

function withFigures() {
  const text = readFileSync(PAGE, 'utf8');
  const lines = ROWS.map(([name, start, title, peerName]) => {
    const { rows } = JSON.parse(readFileSync(join(root, `bench/results/${name}.json`), 'utf8'));
    const row = rows.find(({ what }) => what.startsWith(start));
    if (row === undefined) throw new Error(`bench/results/${name}.json has no row "${start}"`);
    return `| ${title} | ${row.measured} | ${peerName === '' ? row.peer : `${row.peer} (${peerName})`} |`;
  });
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  return `${text.slice(0, before)}\n${['| | here | a peer |', '|---|---|---|', ...lines].join('\n')}\n${text.slice(after)}`;
}
