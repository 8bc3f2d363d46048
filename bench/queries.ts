import { CollectorProcess } from '../test/support/collector-process.ts';
import { atMost, isShort, medianMillis, printRows } from './bench-report.ts';
import { postLastValues, postRuns } from './many-runs.ts';

const RUNS = isShort ? 5000 : 100_000;
/** What a list is filtered by, and the milliseconds it may take. */
const LISTS: readonly (readonly [string, readonly string[], number])[] = [
  ['without a filter', [], 5],
  ['by tag and status', ['has tag.tag-8', 'status == completed'], 5],
  ['by tag', ['has tag.tag-8'], 5],
  ['by status', ['status == running'], 5],
  ['by folder', ['folder.path == /many/7'], 5],
  ['by name', ['name == run-777'], 5],
  ['by part of a name', ['name contains n-777'], 50],
  ['by a word of metadata', ['metadata.key-1 == word-8'], 50],
  ['by a number of metadata, half of the runs', ['metadata.key-2 > 500'], 50],
  ['by part of a word of metadata', ['metadata.key-3 contains d-77'], 50],
  ['by a range of metadata', ['metadata.key-4 >= 100', 'metadata.key-4 < 120'], 50],
  ['by metadata that is not there', ['metadata.key-99 not exists'], 50],
  ['by metadata, status and folder', ['metadata.key-6 < 100', 'status == completed', 'folder.path == /many/8'], 50],
];
/** The same, of runs that have metrics. */
const LISTS_BY_METRIC: typeof LISTS = [
  ['by the last value of a metric', ['metrics.loss < 10'], 10],
  ['by the last value of a metric, half of the runs', ['metrics.loss < 500'], 50],
  ['by the last value of a metric, and status', ['metrics.loss < 500', 'status == running'], 150],
  ['by last values of two metrics', ['metrics.loss < 500', 'metrics.lift > 900'], 150],
  ['by a metric that is not there', ['metrics.nowhere not exists'], 50],
];

await using collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
await postRuns(collector.url, RUNS);
const rows = [];
for (const [what, filters, most] of LISTS) rows.push(await rowOf(what, filters, most));
await postLastValues(collector.url, RUNS);
const begin = performance.now();
await collector.rest.runs({ count: 50, filters: ['metrics.loss < 10'] });
const first = performance.now() - begin;
rows.push(
  atMost(`first list of ${RUNS.toLocaleString('en')} runs by the last value of a metric`, first, 5000, 'ms', 0),
);
for (const [what, filters, most] of LISTS_BY_METRIC) rows.push(await rowOf(what, filters, most));
printRows(rows);

async function rowOf(what: string, filters: readonly string[], most: number) {
  let found = 0;
  const millis = await medianMillis(async () => {
    const { count, data } = await collector.rest.runs({ count: 50, filters });
    if (count === 0 || data.length !== Math.min(50, count)) throw new Error(`${what}: ${data.length} of ${count} runs`);
    found = count;
  });
  const runs = `50 of ${RUNS.toLocaleString('en')} runs with 20 metadata keys`;
  return atMost(`${runs}, ${what} (${found.toLocaleString('en')} match), HTTP included`, millis, most, 'ms');
}
