import { expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pagesOf } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');

const test = pagesOf(async () => {
  const collector = await TestCollector.start();
  await fillPages(collector, 9);
  const { data } = (await collector.ask('GET', '/folders')).json;
  const folder = data.find(({ path }: { path: string }) => path === '/cfd/cavity');
  await collector.ask('PUT', `/folders/${folder.id}`, {
    metadata: { mesh: { kind: 'hex' } },
    description: 'Lid-driven.',
  });
  return collector;
});

test('a dashboard of a folder is made of what its runs have, changed, kept and deleted', async ({
  openPage,
  collector,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/folders`);
  const row = page.getByTestId('folder-row').filter({ hasText: '/cfd/cavity' });
  await row.filter({ hasText: 'mesh.kind hex' }).waitFor();
  await row.getByTestId('dashboards').click();
  await page.getByRole('button', { name: 'Make one' }).click();
  await page.getByTestId('dashboard-name').fill('Convergence');
  expect(await page.getByTestId('dashboard-card').count()).toBe(3);
  await page.getByTestId('add-card').click();
  const last = page.getByTestId('dashboard-card').nth(3);
  for (const metric of ['loss', 'residuals.p']) {
    await last.getByTestId('add-metric').fill(metric);
    await last.getByTestId('add-metric').press('Enter');
  }
  await last.getByLabel('Title').fill('Together');
  await last.getByTestId('dashboard-scale').selectOption('log');
  await page.screenshot({ path: `${pictures}/dashboard-dialog-light.png` });
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByTestId('confirm').click();
  await page.getByTestId('dashboard').filter({ hasText: 'Convergence' }).waitFor();
  const card = page.locator('[data-metric="Together"]');
  await card.locator('canvas').waitFor();
  expect(await card.locator('.logb').getAttribute('aria-pressed')).toBe('true');
  expect(await page.getByTestId('metric-card').count()).toBe(4);

  await card.getByTestId('card-menu').click();
  await card.getByTestId('configure').click();
  await page.getByTestId('y-from').fill('1e-3');
  await page.getByTestId('plot-tab-legend').click();
  await page.getByRole('button', { name: 'Hidden' }).click();
  await page.getByTestId('save-plot').click();
  await card.getByTestId('legend').waitFor({ state: 'detached' });
  await page.reload();
  await card.locator('canvas').waitFor();
  expect(await card.getByTestId('legend').count()).toBe(0);
  await page.getByTestId('add-plot').click();
  await page.getByTestId('plot-tab-type').click();
  await page.getByTestId('kind-scatter').check();
  await page.getByTestId('save-plot').click();
  await page.getByTestId('scatter-point').first().waitFor();
  await page.getByTestId('scatter').getByTestId('card-menu').click();
  await page.getByTestId('scatter').getByTestId('remove-plot').click();
  await page.getByTestId('scatter').waitFor({ state: 'detached' });

  await page.getByTestId('edit-dashboard').click();
  await page.getByTestId('dashboard-name').fill('Main');
  await page.getByRole('button', { name: 'Remove plot 1', exact: true }).click();
  await page.getByTestId('confirm').click();
  await page.getByTestId('dashboard').filter({ hasText: 'Main' }).waitFor();
  await expect.poll(() => page.getByTestId('metric-card').count()).toBe(3);
  expect(await page.getByTestId('dashboard').count()).toBe(1);

  await page.goto(`${collector.url}/runs?filter=folder.path+%3D%3D+%2Fcfd%2Fcavity`);
  await page.getByTestId('dashboard-link').click();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator('canvas').nth(2).waitFor();
    await page.screenshot({ path: `${pictures}/dashboard-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${pictures}/phone-dashboard.png` });
  expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(390);
  await page.getByTestId('edit-dashboard').click();
  await page.getByTestId('dashboard-forget').check();
  await page.getByTestId('confirm').click();
  await page.getByRole('button', { name: 'Make one' }).waitFor();
});

test('a folder that is not there is said to be none', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/dashboard?folder=/nothing`);
  await page.getByText('There is no folder /nothing.').waitFor();
});

test('two people change one dashboard: nothing of the other is lost, and what cannot be kept is said', async ({
  openPage,
  collector,
}) => {
  const { data } = (await collector.ask('GET', '/folders')).json;
  const folder = data.find(({ path }: { path: string }) => path === '/cfd/pitzDaily');
  const boards = `/folders/${folder.id}/dashboards`;
  const card = (metric: string) => ({ title: '', metrics: [metric], xaxis: 'step', yscale: 'linear' });
  const keep = (cards: readonly object[]) => collector.ask('POST', boards, { name: 'Ours', cards });
  const kept = async () => (await collector.ask('GET', boards)).json.data[0].cards;
  const parallel = { ...card('metadata:Re'), kind: 'parallel', metrics: ['metadata:Re', 'metadata:solver'] };
  await keep([card('loss'), card('residuals.p')]);
  const page = await openPage('light', /ERR_FAILED|Failed to fetch/);
  await page.goto(`${collector.url}/folders`);
  await page.getByTestId('folder-row').filter({ hasText: '/cfd/pitzDaily' }).getByTestId('dashboards').click();
  const [loss, residual] = ['loss', 'residuals.p'].map((name) => page.locator(`[data-metric="${name}"]`));
  await loss?.locator('canvas').waitFor();
  await keep([card('residuals.U.x'), card('loss'), card('residuals.p')]);
  await loss?.getByTestId('card-menu').click();
  await loss?.getByTestId('configure').click();
  await page.getByTestId('plot-unit').fill('mm');
  await page.getByTestId('save-plot').click();
  await page.getByTestId('plot-dialog').waitFor({ state: 'detached' });
  expect(await kept()).toEqual([card('residuals.U.x'), { ...card('loss'), unit: 'mm' }, card('residuals.p')]);
  await loss?.locator('.unit', { hasText: 'mm' }).waitFor();

  await residual?.getByTestId('card-menu').click();
  await residual?.getByTestId('configure').click();
  await page.getByTestId('plot-unit').fill('mm');
  await keep([card('loss'), { ...card('residuals.p'), unit: 'Pa' }, parallel]);
  await page.getByTestId('plot-unit').press('Enter');
  await page.getByText('Not kept: somebody has changed or removed this plot.').waitFor();
  expect(await page.evaluate("document.querySelector('dialog').contains(document.activeElement)")).toBe(true);
  await page.keyboard.press('Escape');
  expect((await kept()).length).toBe(3);

  await residual?.locator('.unit', { hasText: 'Pa' }).waitFor();
  await page.route(`**/api${boards}`, (route) => route.abort());
  await residual?.getByTestId('card-menu').click();
  await residual?.getByTestId('remove-plot').click();
  await residual?.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  expect((await kept()).length).toBe(3);
});
