import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');

const test = pageTest.extend('data', { scope: 'file', auto: true }, ({ collector }) => fillPages(collector, 12));

const rowOf = (page: Page, name: string) => page.getByTestId('run-row').filter({ hasText: name });
const COLUMNS = ['status', 'alerts', 'metadata.Re', 'metric.loss', 'metric.residuals.p'];
const table = (collector: TestCollector) =>
  `${collector.url}/runs?${new URLSearchParams(COLUMNS.map((column): [string, string] => ['col', column]))}`;

test.for(['light', 'dark'] as const)(
  'columns of metrics show curve and last value, and are sorted by (%s)',
  async (theme, { openPage, collector }) => {
    const page = await openPage(theme);
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/api/metrics/summaries')) asked++;
    });
    await page.goto(table(collector));
    await rowOf(page, 'pitz-03')
      .filter({ hasText: '5.500e−2' })
      .or(rowOf(page, 'pitz-03').filter({ hasText: '0.055' }))
      .waitFor();
    expect(await page.locator('.sparkc').count()).toBe(24);
    expect(asked).toBe(1);
    await page.getByTestId('sort-metrics.loss').click();
    await expect.poll(() => page.getByTestId('run-row').first().textContent()).toContain('pitz-00');
    await page.screenshot({ path: `${pictures}/runs-metrics-${theme}.png` });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.pr .sparkc').first().waitFor();
    await page.screenshot({ path: `${pictures}/phone-runs-metrics-${theme}.png` });
  },
);

test('curves stand below one another, and a number without room loses digits, not its size', async ({
  openPage,
  collector,
}) => {
  for (const [name, values] of Object.entries({ short: [3, 1 / 3], long: [0.0353321, 1.234_567_890_123e-10] })) {
    const metadata = { ratio: values[1] };
    const { id } = (await collector.ask('POST', '/runs', { name, folder: '/digits', status: 'running', metadata }))
      .json;
    const timestamp = new Date().toISOString().replace('Z', '000');
    const metrics = [0, 1].map((step) => ({ timestamp, time: step, step, values: { drag: values[0] } }));
    await collector.post('/metrics', { run: id, metrics });
  }
  const page = await openPage();
  await page.goto(`${collector.url}/runs?filter=folder.path+%3D%3D+/digits&col=metadata.ratio&col=metric.drag`);
  await expect.poll(() => page.locator('.sparkc').count()).toBe(2);
  const places = await Promise.all(
    (await page.locator('.sparkc').all()).map(async (curve) => (await curve.boundingBox())?.x),
  );
  expect(places[0]).toBe(places[1]);
  expect(await rowOf(page, 'long').textContent()).toContain('1.23457e-10');
  expect(await rowOf(page, 'short').locator('td[title="0.3333333333333333"]').textContent()).toBe('0.333333');
});

test('a colour that was chosen with the keyboard is kept and drawn in the comparison', async ({
  openPage,
  collector,
  data,
}) => {
  const page = await openPage();
  const run = data.runs.get('pitz-05') ?? '';
  await page.goto(table(collector));
  await rowOf(page, 'pitz-05').getByTestId('colour').press('Enter');
  await page.getByTestId('colour-menu').getByRole('button', { name: 'Colour 5, solid' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.screenshot({ path: `${pictures}/runs-colour-light.png` });
  await page.keyboard.press('Enter');
  await page.getByTestId('colour-menu').waitFor({ state: 'detached' });
  expect((await collector.ask('GET', `/runs/${run}`)).json.colour).toBe(5);
  await page.goto(`${collector.url}/compare?run=${run}&run=${data.runs.get('pitz-06')}`);
  await page
    .getByTestId('compare-table')
    .locator('.key path[stroke="var(--run-6)"]')
    .first()
    .waitFor({ state: 'attached' });
  await page
    .getByTestId('legend')
    .first()
    .locator('.key path[stroke="var(--run-6)"]')
    .first()
    .waitFor({ state: 'attached' });
});

test('a view is kept under a name, opened, renamed and deleted', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${table(collector)}&filter=has+tag.LES&sort=name`);
  await page.getByTestId('keep-view').click();
  await page.getByTestId('view-name').fill('Large eddies');
  await page.getByTestId('confirm').click();
  const view = page.getByTestId('saved-view').filter({ hasText: 'Large eddies' });
  await view.filter({ hasText: '6' }).waitFor();
  await page.getByTestId('view-all').click();
  await expect.poll(() => page.getByTestId('filter-chip').count()).toBe(0);
  await page.reload();
  await view.click();
  await page.getByTestId('sort-metrics.loss').waitFor();
  await page.getByTestId('keep-view').click();
  await page.getByTestId('view-name').fill('LES');
  await page.getByTestId('confirm').click();
  await page.getByTestId('saved-view').filter({ hasText: /^LES/ }).waitFor();
  await expect.poll(() => page.getByTestId('saved-view').count()).toBe(1);
  await page.getByTestId('keep-view').click();
  await page.getByTestId('view-forget').check();
  await page.getByTestId('confirm').click();
  await page.getByTestId('saved-view').waitFor({ state: 'detached' });
});

test('the export has the columns of the table, and every run of the list', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${table(collector)}&filter=name+contains+pitz&sort=name&rows=25`);
  await rowOf(page, 'pitz-00').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export').click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines[0]).toBe('id,name,status,alerts,metadata.Re,metric.loss,metric.residuals.p');
  expect(lines).toHaveLength(13);
  expect(lines[1]).toMatch(/^\w{22},pitz-00,running,1\/2,10000,0\.025,0\.0\d+$/);
});
