import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');

const test = pageTest.extend('runs', { scope: 'file' }, async ({ collector }) => (await fillPages(collector, 6)).runs);

const cardOf = (page: Page, metric: string) =>
  page.locator(`.mgrid [data-testid=metric-card][data-metric="${metric}"]`);
const preview = (page: Page) => page.getByTestId('plot-preview');
const plotsIn = (page: Page) => new URL(page.url()).searchParams.getAll('plot').map((text) => JSON.parse(text));

async function configure(page: Page, metric: string) {
  await cardOf(page, metric).getByTestId('card-menu').click();
  await cardOf(page, metric).getByTestId('configure').click();
  await preview(page).locator('canvas').waitFor();
}

test('a card of a run is configured with a live preview, and the link keeps it', async ({
  openPage,
  collector,
  runs,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${runs.get('pitz-00')}?tab=metrics`);
  await configure(page, 'loss');
  await page.getByTestId('y-from').fill('0');
  await page.getByTestId('y-to').fill('10');
  await page.getByTestId('plot-unit').fill('mm');
  await page.getByTestId('x-from').fill('10');
  await page.getByTestId('x-to').fill('5');
  await page.getByText('The x axis must end above where it begins.').first().waitFor();
  expect(await page.getByTestId('save-plot').isDisabled()).toBe(true);
  await page.getByTestId('x-to').fill('30');
  await preview(page).locator('.unit', { hasText: 'mm' }).waitFor();
  await preview(page)
    .locator('.mfoot', { hasText: /^\s*2\d points/ })
    .waitFor();
  await page.getByTestId('plot-tab-title').click();
  await page.getByTestId('plot-name').fill('Loss of the sweep');
  await page.getByTestId('plot-tab-legend').click();
  await page.getByRole('button', { name: 'Bottom' }).click();
  await page.getByTestId('plot-tab-smoothing').click();
  await page.getByTestId('plot-smoothing').fill('40');
  await preview(page).getByRole('heading', { name: 'Loss of the sweep' }).waitFor();
  await page.getByTestId('save-plot').click();
  await page.getByTestId('plot-dialog').waitFor({ state: 'detached' });
  expect(plotsIn(page)).toEqual([
    {
      of: 'loss',
      title: 'Loss of the sweep',
      metrics: [],
      yrange: [0, 10],
      unit: 'mm',
      xrange: [10, 30],
      legend: 'bottom',
      smoothing: 40,
    },
  ]);
  await page.reload();
  await page.getByRole('heading', { name: 'Loss of the sweep' }).waitFor();
  await cardOf(page, 'loss').locator('.plot + .legend').waitFor();
  await cardOf(page, 'loss').getByTestId('card-menu').click();
  await cardOf(page, 'loss').getByTestId('configure').click();
  await page.getByTestId('plot-reset').click();
  await page.getByTestId('save-plot').click();
  await page.getByTestId('plot-dialog').waitFor({ state: 'detached' });
  expect(plotsIn(page)).toEqual([]);
});

test('a plot is added to a run, over a metric, and removed', async ({ openPage, collector, runs }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${runs.get('pitz-00')}?tab=metrics`);
  await page.getByTestId('add-plot').click();
  await page.getByText('Tick a metric to draw.').first().waitFor();
  await page.getByTestId('data-search').fill('res');
  await page.getByTestId('data-residuals.p').check();
  await page.getByTestId('data-residuals.U.x').check();
  await preview(page).locator('canvas').waitFor();
  await page.getByTestId('plot-tab-axes').click();
  await page.getByRole('button', { name: 'Metric', exact: true }).click();
  await page.getByTestId('axis-metric').fill('nothing');
  await page.getByTestId('axis-metric').press('Tab');
  await page.getByText('There is no metric “nothing” here.').waitFor();
  await page.getByTestId('axis-metric').fill('loss');
  await page.getByTestId('axis-metric').press('Tab');
  await page.getByTestId('save-plot').click();
  const card = cardOf(page, 'residuals.p, residuals.U.x');
  await card.locator('canvas').waitFor();
  expect(await page.locator('.mgrid > *').first().getAttribute('data-metric')).toBe('residuals.p, residuals.U.x');
  expect(plotsIn(page)[0].xaxis).toBe('metric.loss');
  await card.getByTestId('card-menu').click();
  await card.getByTestId('remove-plot').click();
  await card.waitFor({ state: 'detached' });
});

test('an end that is left open follows the run, between buckets as fine as the rest is long', async ({
  openPage,
  collector,
}) => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'going', folder: '/', status: 'running' })).json;
  const send = (from: number, count: number) =>
    collector.post('/metrics', {
      run: id,
      metrics: Array.from({ length: count }, (_, index) => ({
        timestamp: new Date(Date.UTC(2026, 10, 21, 8) + 1000 * (from + index)).toISOString().replace('Z', '000'),
        ...{
          time: from + index,
          step: from + index,
          values: { loss: from + index === 19_990 ? Number.NaN : from + index },
        },
      })),
    });
  for (let from = 0; from < 20_000; from += 5_000) await send(from, 5_000);
  const page = await openPage();
  const plot = { of: 'loss', title: '', metrics: [], xrange: [19_900, null], non_finite: 'hide' };
  await page.goto(`${collector.url}/runs/${id}?${new URLSearchParams({ tab: 'metrics', plot: JSON.stringify(plot) })}`);
  const foot = cardOf(page, 'loss').locator('.mfoot');
  await foot.filter({ hasText: /^\s*100 points\s+1 not finite\s*$/ }).waitFor();
  const lastX = () => cardOf(page, 'loss').locator('canvas').getAttribute('data-last-x');
  expect(await lastX()).toBe('19999');
  await send(20_000, 50);
  await expect.poll(lastX).toBe('20049');
  await foot.filter({ hasText: /^\s*150 points/ }).waitFor();
});

test('one picked plot is configured whole', async ({ openPage, collector, runs }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${runs.get('pitz-00')}?tab=metrics&single&metric=loss`);
  await page.getByTestId('card-menu').click();
  await page.getByTestId('configure').click();
  await page.getByTestId('plot-tab-data').click();
  await page.getByTestId('data-residuals.p').check();
  await page.getByTestId('plot-tab-title').click();
  await page.getByTestId('plot-name').fill('Both');
  await page.getByTestId('save-plot').click();
  await page.getByRole('heading', { name: 'Both' }).waitFor();
  expect(new URL(page.url()).searchParams.getAll('metric')).toEqual(['loss', 'residuals.p']);
});

test.for(['light', 'dark'] as const)(
  'plots of every kind are added to a comparison (%s)',
  async (theme, { openPage, collector, runs }) => {
    const page = await openPage(theme);
    const ids = [...runs].filter(([name]) => name.startsWith('pitz')).map(([, id]): [string, string] => ['run', id]);
    await page.goto(`${collector.url}/compare?${new URLSearchParams(ids)}`);
    await configure(page, 'residuals.p');
    await page.getByTestId('y-from').fill('1e-4');
    await page.screenshot({ path: `${pictures}/configure-plot-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByTestId('save-plot').click();
    for (const kind of ['parallel', 'scatter']) {
      await page.getByTestId('add-plot').click();
      await page.getByTestId('plot-tab-type').click();
      await page.getByTestId(`kind-${kind}`).check();
      await preview(page).locator('svg').first().waitFor();
      await page.screenshot({ path: `${pictures}/configure-${kind}-${theme}.png` });
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByTestId('save-plot').click();
      await page.getByTestId('plot-dialog').waitFor({ state: 'detached' });
    }
    await page.getByTestId('add-plot').click();
    for (const metric of ['loss', 'residuals.p']) await page.getByTestId(`data-${metric}`).check();
    await page.getByTestId('save-plot').click();
    await cardOf(page, 'loss, residuals.p').locator('canvas').waitFor();
    await page.reload();
    await page.getByTestId('scatter').waitFor();
    await page.getByTestId('parallel-line').first().waitFor({ state: 'attached' });
    await page.screenshot({ path: `${pictures}/compare-added-${theme}.png` });
    expect(plotsIn(page).map(({ of, kind }) => of ?? kind ?? 'lines')).toEqual([
      'lines',
      'scatter',
      'parallel',
      'residuals.p',
    ]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByTestId('add-plot').click();
    await page.getByTestId('data-loss').check();
    await page.screenshot({ path: `${pictures}/phone-configure-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
  },
);
