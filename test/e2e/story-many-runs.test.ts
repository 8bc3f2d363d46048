import { readFile } from 'node:fs/promises';
import { parquetReadObjects } from 'hyparquet';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from '../support/browser.ts';
import { TestCollector } from '../support/collector-app.ts';
import { drawnPlot } from '../support/drawn-plot.ts';

/** Story 10 in small: `npm run bench -- page-runs` has its 10,000 runs and its times. */
const RUNS = 240;
const FAILED = 80;
/** Completed ones with a small learning rate. */
const CHOSEN = 20;
const STEPS = 60;
let browser: Browser;
let collector: TestCollector;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, collector] = await Promise.all([launchBrowser(), TestCollector.start()]);
  for (let first = 0; first < RUNS; first += 20)
    await Promise.all(Array.from({ length: 20 }, (_, index) => addRun(first + index)));
  watched = await openPage(browser, 'light');
  ({ page } = watched);
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

async function addRun(index: number): Promise<void> {
  const isChosen = index < CHOSEN;
  const metadata = { lr: isChosen ? 0.001 + index / 10_000 : 0.01 + index / 1000, optimiser: 'adam' };
  const run = { name: `sweep-${String(index).padStart(3, '0')}`, folder: '/sweep', status: 'running', metadata };
  const { id } = (await collector.ask('POST', '/runs', run)).json;
  const metrics = Array.from({ length: isChosen ? STEPS : 1 }, (_, step) => ({
    timestamp: new Date(Date.now() - 60_000 + step * 1000).toISOString().replace('Z', '000'),
    time: step,
    step,
    values: { loss: 10 ** (-step / 15) * (1 + index / 10) },
  }));
  await collector.post('/metrics', { run: id, metrics });
  await collector.ask('PUT', `/runs/${id}`, { status: index >= RUNS - FAILED ? 'failed' : 'completed' });
}

async function filter(words: string): Promise<void> {
  await page.getByTestId('filter-input').fill(words);
  await page.getByTestId('filter-input').press('Enter');
}
const count = () => page.getByTestId('run-count').textContent();

test('story 10: a filter over metadata and status leaves the runs that match, and the export has all of them', async () => {
  await page.goto(`${collector.url}/runs?sort=name`);
  await expect.poll(count).toContain(`of ${RUNS}`);
  await filter('metadata.lr < 0.01');
  await filter('status == completed');
  await expect.poll(count).toContain(`of ${CHOSEN}`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export').click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(1 + CHOSEN);
});

test('story 10: twenty runs are compared: what differs, on a logarithmic axis, zoomed and whole again', async () => {
  await page.getByTestId('tick-all').check();
  await page.getByTestId('bulk-compare').click();
  await page
    .getByTestId('compared')
    .filter({ hasText: `${CHOSEN} runs` })
    .waitFor();
  const keys = () => page.getByTestId('compare-row').locator('th').allTextContents();
  expect((await keys()).join(' ')).toMatch(/lr/);
  expect((await keys()).join(' ')).not.toContain('optimiser');
  await page.getByTestId('differences').uncheck();
  await expect.poll(async () => (await keys()).join(' ')).toContain('optimiser');

  const card = page.locator('[data-testid=metric-card][data-metric=loss]');
  await card.locator('canvas').waitFor();
  await card.getByRole('button', { name: /^all 20$/ }).click();
  const log = card.getByRole('button', { name: 'log', exact: true });
  if ((await log.getAttribute('aria-pressed')) === 'false') await log.click();
  await expect.poll(async () => (await drawnPlot(page, card)).pieces.length).toBe(CHOSEN);
  expect((await drawnPlot(page, card)).y).toContainEqual(expect.stringMatching(/^(10⁻²|0\.01|1e−2)$/));

  const box = await card.locator('.u-over').boundingBox();
  if (!box) throw new Error('the plot has no place');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.25, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Show all', exact: true }).click();
  await expect.poll(async () => (await drawnPlot(page, card)).x.at(-1)).toMatch(/^(50|60)$/);
});

test('story 10: the card of twenty runs is exported as Parquet and as CSV, with every point of each', async () => {
  const card = page.locator('[data-testid=metric-card][data-metric=loss]');
  const save = async (format: string) => {
    await card.getByTestId('card-menu').click();
    const [download] = await Promise.all([page.waitForEvent('download'), card.getByTestId(`save-${format}`).click()]);
    return readFile(await download.path());
  };
  const rows = await parquetReadObjects({ file: new Uint8Array(await save('parquet')).buffer });
  const steps = (id: unknown) => rows.filter(({ run }) => run === id).map(({ step }) => Number(step));
  const everyStep = Array.from({ length: STEPS }, (_, step) => step);
  const runs = [...new Set(rows.map(({ run }) => run))];
  expect(runs.map(steps)).toEqual(Array.from({ length: CHOSEN }, () => everyStep));
  expect((await save('csv')).toString().trim().split('\r\n')).toHaveLength(1 + CHOSEN * STEPS);
});

test('story 10: what failed is deleted as a whole, and the others stay', async () => {
  await page.goto(`${collector.url}/runs`);
  await filter('status == failed');
  await expect.poll(count).toContain(`of ${FAILED}`);
  await page.getByTestId('tick-all').check();
  await page.getByTestId('select-all').click();
  await page
    .getByTestId('bulk-bar')
    .filter({ hasText: `${FAILED} selected` })
    .waitFor();
  await page.getByTestId('bulk-delete').click();
  await page.getByTestId('confirm').click();
  await page
    .getByTestId('undo-toast')
    .filter({ hasText: `${FAILED} runs deleted` })
    .waitFor();
  await page.getByTestId('undo-toast').waitFor({ state: 'detached' });
  await page.goto(`${collector.url}/runs`);
  await expect.poll(count, { timeout: 20_000 }).toContain(`of ${RUNS - FAILED}`);
  expect(watched.complaints).toEqual([]);
});
