import { mkdir } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestCollector } from '../support/collector-app.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');
let browser: Browser;
let collector: TestCollector;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchBrowser();
  collector = await TestCollector.start();
  await fillPages(collector, 9);
  const { data } = (await collector.ask('GET', '/folders')).json;
  const folder = data.find(({ path }: { path: string }) => path === '/cfd/cavity');
  await collector.ask('PUT', `/folders/${folder.id}`, {
    metadata: { mesh: { kind: 'hex' } },
    description: 'Lid-driven.',
  });
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

test('a dashboard of a folder is made of what its runs have, changed, kept and deleted', async () => {
  const { page, context, complaints } = await openPage(browser, 'light');
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
  const card = page.locator('[data-metric="Together: residuals.p"]');
  await card.locator('canvas').waitFor();
  expect(await card.locator('.logb').getAttribute('aria-pressed')).toBe('true');
  expect(await page.getByTestId('metric-card').count()).toBe(5);

  await page.getByTestId('edit-dashboard').click();
  await page.getByTestId('dashboard-name').fill('Main');
  await page.getByRole('button', { name: 'Remove plot 1', exact: true }).click();
  await page.getByTestId('confirm').click();
  await page.getByTestId('dashboard').filter({ hasText: 'Main' }).waitFor();
  await expect.poll(() => page.getByTestId('metric-card').count()).toBe(4);
  expect(await page.getByTestId('dashboard').count()).toBe(1);

  await page.goto(`${collector.url}/runs?filter=folder.path+%3D%3D+%2Fcfd%2Fcavity`);
  await page.getByTestId('dashboard-link').click();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator('canvas').nth(3).waitFor();
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
  expect(complaints).toEqual([]);
  await context.close();
});

test('a folder that is not there is said to be none', async () => {
  const { page, context } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/dashboard?folder=/nothing`);
  await page.getByText('There is no folder /nothing.').waitFor();
  await context.close();
});
