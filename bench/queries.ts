import { CollectorProcess } from '../test/support/collector-process.ts';
import { atMost, isShort, medianMillis, printRows } from './bench-report.ts';
import { postRuns } from './many-runs.ts';

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

await using collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
await postRuns(collector.url, RUNS);
const rows = [];
for (const [what, filters, most] of LISTS) {
  let found = 0;
  const millis = await medianMillis(async () => {
    const { count, data } = await collector.rest.runs({ count: 50, filters });
    if (count === 0 || data.length !== Math.min(50, count)) throw new Error(`${what}: ${data.length} of ${count} runs`);
    found = count;
  });
  rows.push(
    atMost(
      `50 of ${RUNS.toLocaleString('en')} runs with 20 metadata keys, ${what} (${found.toLocaleString('en')} match), HTTP included`,
      millis,
      most,
      'ms',
    ),
  );
}
printRows(rows);
