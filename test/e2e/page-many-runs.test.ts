import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postWideRuns } from '../../bench/wide-runs.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { filteredMillis, tablePaintedMillis } from '../support/page-timing.ts';

/** The short form of `npm run bench -- page-runs`, which has 10,000. */
const RUNS = 300;
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

test('a table of runs with 200 metadata keys and 100 metrics is painted and filtered without delay', async () => {
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
    await expect.poll(() => page.getByTestId('run-row').first().locator('.sparkc').count()).toBe(3);
    expect(complaints).toEqual([]);
    await context.close();
  }
  // A second and 300 ms are promised, which the bench page-runs holds; this machine may be four times slower.
  expect(Math.min(...painted)).toBeLessThan(4000);
  expect(Math.min(...filtered)).toBeLessThan(1200);
});

test('every run of a filtered list is selected, deleted and taken back', async () => {
  const { page, context, complaints } = await openPage(browser, 'light');
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
  expect(complaints).toEqual([]);
  await context.close();
});
