import { expect } from 'vitest';
import { postWideRuns } from '../../bench/wide-runs.ts';
import { pagesOf } from '../support/browser-test.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { filteredMillis, tablePaintedMillis } from '../support/page-timing.ts';

/** The short form of `npm run bench -- page-runs`, which has 10,000. */
const RUNS = 300;
const COLUMNS = ['status', 'metadata.key-0', 'metadata.key-1', 'metric.metric.0', 'metric.metric.1'];

const test = pagesOf(async () => {
  const collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
  await postWideRuns(collector.url, RUNS);
  return collector;
});

const SOON = { timeout: 20_000 };
/** Four times what the bench page-runs holds: this machine may be that much slower. */
const MOST = { paintedMillis: 4_000, curvesMillis: 6_000, filteredMillis: 1_200 };

test('a table of runs with 200 metadata keys and 100 metrics is painted, has its curves by one request, and is filtered', async ({
  openPage,
  collector,
}) => {
  const painted: number[] = [];
  const curves: number[] = [];
  const filtered: number[] = [];
  for (const filter of ['key-0 < 500', 'tag tag-7', 'status completed']) {
    const page = await openPage();
    const asked: URL[] = [];
    page.on('request', (request) => asked.push(new URL(request.url())));
    const table = `${collector.url}/runs?${new URLSearchParams(COLUMNS.map((id): [string, string] => ['col', id]))}`;
    const { row, curve } = await tablePaintedMillis(page, table);
    painted.push(row);
    curves.push(curve);
    expect(await page.getByTestId('run-row').first().locator('.sparkc').count()).toBe(2);
    const rows = await page.getByTestId('run-row').count();
    for (const { pathname, searchParams } of asked.filter((url) => url.pathname.startsWith('/api/metrics'))) {
      const runs: unknown[] = JSON.parse(searchParams.get('runs') ?? '[]');
      expect([pathname, runs.length]).toEqual(['/api/metrics/summaries', rows]);
    }
    filtered.push(await filteredMillis(page, filter));
    await page.getByTestId('columns-button').click();
    await page.getByTestId('column-search').fill('metric.99');
    await page.getByTestId('column-metric.metric.99').check();
    await expect.poll(() => page.getByTestId('run-row').first().locator('.sparkc').count(), SOON).toBe(3);
  }
  // Other tests may share the machine: the best turn is what the page can do.
  expect(Math.min(...painted)).toBeLessThan(MOST.paintedMillis);
  expect(Math.min(...curves)).toBeLessThan(MOST.curvesMillis);
  expect(Math.min(...filtered)).toBeLessThan(MOST.filteredMillis);
});

test('every run of a filtered list is selected, deleted and taken back', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs?filter=status+%3D%3D+completed`);
  await page.getByTestId('run-row').first().waitFor();
  await page.getByTestId('tick-all').check();
  await page
    .getByTestId('select-all')
    .filter({ hasText: /^Select all 150$/ })
    .click();
  await page.getByTestId('bulk-bar').filter({ hasText: '150 selected' }).waitFor();
  await page.getByTestId('bulk-delete').click();
  await page.getByTestId('confirm').click();
  await page.getByTestId('undo-toast').filter({ hasText: '150 runs deleted' }).waitFor();
  await page.getByTestId('bulk-bar').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await page.getByTestId('run-row').first().waitFor();
  const { count } = await collector.rest.runs({ filters: ['status == completed'] });
  expect(count).toBe(150);
});
