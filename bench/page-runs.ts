import { launchBrowser, openPage } from '../test/support/browser.ts';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { filteredMillis, tablePaintedMillis } from '../test/support/page-timing.ts';
import { atMost, isShort, median, printRows } from './bench-report.ts';
import { postWideRuns } from './wide-runs.ts';

const RUNS = isShort ? 500 : 10_000;
const TURNS = 9;
const COLUMNS = [
  'status',
  'alerts',
  'created',
  'metadata.key-0',
  'metadata.key-1',
  'metric.metric.0',
  'metric.metric.1',
];
const FILTERS = ['key-0 < 500', 'tag tag-7', 'name run-1', 'status completed', 'key-1 contains word-1'];

await using collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
await postWideRuns(collector.url, RUNS);
const browser = await launchBrowser();
const table = `${collector.url}/runs?${new URLSearchParams(COLUMNS.map((id): [string, string] => ['col', id]))}`;

const rows: number[] = [];
const curves: number[] = [];
const filtered: number[] = [];
for (let turn = 0; turn < TURNS; turn++) {
  const { page, context } = await openPage(browser, 'light');
  const { row, curve } = await tablePaintedMillis(page, table);
  rows.push(row);
  curves.push(curve);
  filtered.push(await filteredMillis(page, FILTERS[turn % FILTERS.length] ?? ''));
  await context.close();
}
await browser.close();

const what = `${RUNS.toLocaleString('en')} runs of 200 metadata keys and 100 metrics`;
printRows([
  atMost(`${what}: table painted, from an empty browser cache`, median(rows), 1000, 'ms', 0),
  atMost(`${what}: curves of two metrics painted`, median(curves), 1500, 'ms', 0),
  atMost(`${what}: filter applied and painted, median of five filters`, median(filtered), 300, 'ms', 0),
]);
