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
      xaxis: 'step',
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
  await page.getByText('There is no metric “nothing” here.').first().waitFor();
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

test('ends on the wall clock are typed as times of the zone that is shown', async ({ openPage, collector }) => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'timed', folder: '/', status: 'running' })).json;
  const metrics = Array.from({ length: 60 }, (_, index) => ({
    timestamp: new Date(Date.UTC(2026, 10, 21, 8) + 1000 * index).toISOString().replace('Z', '000'),
    ...{ time: index, step: index, values: { loss: index } },
  }));
  await collector.post('/metrics', { run: id, metrics });
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${id}?tab=metrics`);
  await configure(page, 'loss');
  await page.getByTestId('plot-dialog').getByRole('button', { name: 'Wall' }).click();
  await page.getByText('In times of UTC.').waitFor();
  await page.getByTestId('x-from').fill('2026-11-21T08:00:30');
  await preview(page)
    .locator('.mfoot', { hasText: /^\s*30 points/ })
    .waitFor();
  await page.screenshot({ path: `${pictures}/configure-wall-light.png` });
  await page.getByTestId('save-plot').click();
  await page.getByTestId('plot-dialog').waitFor({ state: 'detached' });
  expect(plotsIn(page)).toMatchObject([
    { xaxis: 'timestamp', xrange: [Date.UTC(2026, 10, 21, 8, 0, 30) / 1000, null] },
  ]);
  await configure(page, 'loss');
  await page.getByTestId('plot-tab-axes').click();
  expect(await page.getByTestId('x-from').inputValue()).toMatch(/^2026-11-21T08:00:30/);
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

test('by keys alone: what cannot be taken is not saved, the preview keeps to itself, and focus is never lost', async ({
  openPage,
  collector,
  runs,
}) => {
  const page = await openPage();
  const focused = () => page.evaluate('document.activeElement.dataset.testid ?? document.activeElement.id');
  const plots = [
    { metrics: ['nothing'] },
    { metrics: ['loss'], title: 'Mine', yscale: 'log' },
    { of: 'gone', unit: 'm' },
  ];
  const query: [string, string][] = plots.map((plot) => ['plot', JSON.stringify(plot)]);
  await page.goto(
    `${collector.url}/runs/${runs.get('pitz-00')}?${new URLSearchParams([['tab', 'metrics'], ['plot', '{'], ...query])}`,
  );
  for (const [card, what] of [
    ['nothing', 'nothing'],
    ['gone', 'gone'],
  ] as const) {
    await cardOf(page, card).getByText(`This run has no ${what}.`).waitFor();
    await cardOf(page, card).getByTestId('card-menu').focus();
    await page.keyboard.press('Enter');
    await cardOf(page, card).getByTestId('remove-plot').focus();
    await page.keyboard.press('Enter');
    await cardOf(page, card).waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('main');
  }
  await cardOf(page, 'Mine').getByTestId('card-menu').focus();
  await page.keyboard.press('Enter');
  for (const stop of ['y-low', 'y-high', 'configure']) {
    await expect.poll(focused).toBe(stop);
    if (stop !== 'configure') await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await preview(page).locator('canvas').waitFor();
  expect(await focused()).toBe('plot-tab-axes');
  const before = page.url();
  await preview(page).getByRole('slider').focus();
  for (const key of ['l', 'p', '+', 'e']) await page.keyboard.press(key);
  expect(page.url()).toBe(before);
  await page.getByRole('button', { name: 'Metric', exact: true }).press('Enter');
  await page.getByTestId('axis-metric').fill('not there');
  await page.keyboard.press('Enter');
  await page.getByText('There is no metric “not there” here.').first().waitFor();
  expect(await page.getByTestId('save-plot').isDisabled()).toBe(true);
  await page.getByTestId('axis-metric').fill('residuals.p');
  await page.keyboard.press('Enter');
  await page.getByTestId('plot-dialog').waitFor({ state: 'detached' });
  expect(plotsIn(page)).toEqual([{ metrics: ['loss'], title: 'Mine', yscale: 'log', xaxis: 'metric.residuals.p' }]);
  await expect.poll(focused).toBe('card-menu');
});

test('a line of a group is left out and comes back, and the others keep their names and colours', async ({
  openPage,
  collector,
}) => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'group', folder: '/', status: 'running' })).json;
  const send = (step: number, names: readonly string[]) =>
    collector.post('/metrics', {
      run: id,
      metrics: [
        {
          timestamp: new Date(Date.UTC(2026, 10, 21, 8, 0, step)).toISOString().replace('Z', '000'),
          ...{ time: step, step, values: Object.fromEntries(names.map((name) => [`U.${name}`, step])) },
        },
      ],
    });
  for (const step of [0, 1, 2]) await send(step, ['x', 'y', 'z']);
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${id}?tab=metrics`);
  const legend = cardOf(page, 'U').getByTestId('legend').locator('code');
  await configure(page, 'U');
  await page.getByTestId('plot-tab-data').click();
  await page.getByTestId('data-U.x').uncheck();
  await page.getByTestId('save-plot').click();
  await expect.poll(() => legend.allTextContents()).toEqual(['y', 'z']);
  expect(plotsIn(page)).toEqual([{ of: 'U', title: '', metrics: ['U.y', 'U.z'] }]);
  await configure(page, 'U');
  await page.getByTestId('plot-tab-data').click();
  await page.getByTestId('data-U.x').check();
  await page.getByTestId('save-plot').click();
  await expect.poll(() => plotsIn(page)).toEqual([]);
  await send(3, ['w']);
  await expect.poll(async () => (await cardOf(page, 'U').getByTestId('legend').textContent()) ?? '').toMatch(/w|and 1/);
});

test('a run of thousands of metrics, and of two writers of one name, is configured like any other', async ({
  openPage,
  collector,
}) => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'wide', folder: '/', status: 'running' })).json;
  const names = [...Array.from({ length: 2000 }, (_, index) => `metric_${index}`), 'n'.repeat(200), 'last of all'];
  await collector.post('/metrics', {
    run: id,
    metrics: [0, 1].map((step) => ({
      timestamp: new Date(Date.UTC(2026, 10, 21, 8, 0, step)).toISOString().replace('Z', '000'),
      ...{ time: step, step, values: Object.fromEntries(names.map((name) => [name, step])) },
    })),
  });
  for (const writer of ['a', 'b']) await collector.export('metrics', gaugeOf(id, writer));
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${id}?tab=metrics&q=twice`);
  await configure(page, 'twice');
  await page.getByTestId('plot-tab-data').filter({ hasText: '1 metric' }).click();
  const rows = page.locator('.pdd li');
  await expect.poll(() => rows.count()).toBeLessThan(200);
  await page.getByTestId('data-search').fill('last of');
  await page.getByTestId('data-search').press('Enter');
  await page.getByTestId('plot-tab-data').filter({ hasText: '2 metrics' }).waitFor();
  await page.getByTestId('data-search').fill('');
  await page.evaluate("document.querySelector('.pdds').scrollTo(0, 1e9)");
  await page.getByTestId('data-metric_1999').waitFor();
  expect(await page.getByTestId('data-metric_1999').isVisible()).toBe(true);
  await page.getByTestId('save-plot').click();
  await page.getByTestId('plot-dialog').waitFor({ state: 'detached' });
  await expect.poll(() => plotsIn(page)).toEqual([{ of: 'twice', title: '', metrics: ['twice', 'last of all'] }]);
});

/** Ten points of one name by one of several writers. */
function gaugeOf(run: string, writer: string): object {
  const attributes = Object.entries({ 'simvue.run.id': run, 'service.instance.id': writer });
  const dataPoints = Array.from({ length: 10 }, (_, second) => ({
    timeUnixNano: String(1_795_000_000n * 1_000_000_000n + BigInt(second) * 1_000_000_000n),
    asDouble: second,
  }));
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributes.map(([key, stringValue]) => ({ key, value: { stringValue } })) },
        scopeMetrics: [{ metrics: [{ name: 'twice', gauge: { dataPoints } }] }],
      },
    ],
  };
}

test('added plots of which no run has the values say so, and can be removed', async ({ openPage, collector, runs }) => {
  const page = await openPage();
  const plots = [
    { kind: 'scatter', metrics: ['metadata:none', 'last:loss'] },
    { kind: 'parallel', metrics: ['metadata:none'] },
  ];
  const query: [string, string][] = plots.map((plot) => ['plot', JSON.stringify(plot)]);
  const ids = ['pitz-00', 'pitz-01'].map((name): [string, string] => ['run', runs.get(name) ?? '']);
  await page.goto(`${collector.url}/compare?${new URLSearchParams([...ids, ...query])}`);
  for (const kind of ['scatter', 'parallel']) {
    await page
      .getByTestId(kind)
      .getByText(/None of these runs has metadata.none\./)
      .waitFor();
    await page.getByTestId(kind).getByTestId('card-menu').click();
    await page.getByTestId(kind).getByTestId('remove-plot').click();
    await page.getByTestId(kind).waitFor({ state: 'detached' });
  }
  expect(plotsIn(page)).toEqual([]);
});
