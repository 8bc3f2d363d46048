import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { median } from '../../bench/bench-report.ts';
import { postWideRuns } from '../../bench/wide-runs.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { filteredMillis, tablePaintedMillis } from '../support/page-timing.ts';

/** The short form of `npm run bench -- page-runs`, which has 10,000. */
const RUNS = 1000;
const COLUMNS = ['status', 'metadata.key-0', 'metadata.key-1', 'metric.metric.0', 'metric.metric.1'];
let browser: Browser;
let collector: CollectorProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
  await postWideRuns(collector.url, RUNS);
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

test('a table of runs with 200 metadata keys and 100 metrics is painted within a second and filtered within 300 ms', async () => {
  const painted: number[] = [];
  const filtered: number[] = [];
  for (const filter of ['key-0 < 500', 'tag tag-7', 'status completed']) {
    const { page, context, complaints } = await openPage(browser, 'light');
    const table = `${collector.url}/runs?${new URLSearchParams(COLUMNS.map((id): [string, string] => ['col', id]))}`;
    painted.push((await tablePaintedMillis(page, table)).row);
    filtered.push(await filteredMillis(page, filter));
    await page.getByTestId('columns-button').click();
    await page.getByTestId('column-search').fill('metric.99');
    await page.getByTestId('column-metric.metric.99').check();
    await expect.poll(() => page.locator('.sparkc').count()).toBeGreaterThan(20);
    expect(complaints).toEqual([]);
    await context.close();
  }
  expect(median(painted)).toBeLessThan(1000);
  expect(median(filtered)).toBeLessThan(300);
});
