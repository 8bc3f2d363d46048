import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');

const test = pageTest.extend('address', { scope: 'file', auto: true }, async ({ collector }) => {
  const { runs } = await fillPages(collector, 8);
  const ids = [...runs].filter(([name]) => name.startsWith('pitz')).map(([, id]): [string, string] => ['run', id]);
  return `${collector.url}/compare?${new URLSearchParams(ids)}`;
});

test.for(['light', 'dark'] as const)(
  'runs are compared over what differs, and the link keeps how (%s)',
  async (theme, { openPage, address }) => {
    const page = await openPage(theme);
    await page.goto(address);
    await page.getByRole('button', { name: 'Parallel' }).click();
    await page.getByTestId('parallel-line').nth(7).waitFor({ state: 'attached' });
    expect(await page.getByTestId('parallel-axis').count()).toBe(5);
    const axis = page.getByRole('slider', { name: 'Re, metadata' });
    await axis.focus();
    for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowUp');
    await page.getByTestId('kept').filter({ hasText: '4 of 8 runs' }).waitFor();
    expect(await page.getByTestId('brush').textContent()).toMatch(/17.000 to 24.000/);
    await page.screenshot({ path: `${pictures}/compare-parallel-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByTestId('brush').waitFor({ state: 'detached' });
    await page.getByTestId('axes-button').click();
    await page.getByTestId('axis-min:loss').check();
    await page.getByTestId('axis-metadata:solver').uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('slider', { name: 'loss, min' }).waitFor();
    expect(await page.getByRole('slider', { name: 'solver, metadata' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Scatter' }).click();
    await page.getByTestId('scatter-x').selectOption('metadata:solver');
    await page.getByTestId('scatter-y').selectOption('max:residuals.p');
    await page.screenshot({ path: `${pictures}/compare-scatter-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
    await page.reload();
    await page.getByRole('link', { name: 'pitz-03: solver GAMG, residuals.p 0.13' }).focus();
    await page.evaluate('window.isSamePage = true');
    await page.keyboard.press('Enter');
    await page.getByTestId('run-title').filter({ hasText: 'pitz-03' }).waitFor();
    expect(await page.evaluate('window.isSamePage')).toBe(true);
  },
);

test('the table shows what is asked for of a metric', async ({ openPage, address }) => {
  const page = await openPage();
  await page.goto(address);
  const loss = page.getByTestId('compare-row').filter({ hasText: 'loss' });
  await loss.filter({ hasText: '0.025' }).waitFor();
  await page.getByTestId('aggregate').selectOption('max');
  await loss.filter({ hasText: '1.07' }).waitFor();
  expect(new URL(page.url()).searchParams.get('of')).toBe('max');
});

test('the table is exported, the head names the baseline, and plots show where alerts fire', async ({
  openPage,
  address,
}) => {
  const page = await openPage();
  await page.goto(address);
  await page.locator('.ctop .base', { hasText: 'pitz-00' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export').click()]);
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toBe(`,name,${Array.from({ length: 8 }, (_, index) => `pitz-0${index}`).join(',')}`);
  expect(lines).toContain(`metadata,Re,${Array.from({ length: 8 }, (_, index) => 10_000 + 2_000 * index).join(',')}`);
  expect(lines.find((line) => line.startsWith('metrics,loss last,0.025'))).toBeDefined();
  expect(lines.some((line) => line.includes('mesh.cells'))).toBe(false);
  await page.getByTestId('differences').uncheck();
  const [whole] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export').click()]);
  expect(await readFile(await whole.path(), 'utf8')).toContain('metadata,mesh.cells,12225');
  const card = page.locator('[data-metric="residuals.p"]');
  await card.locator('canvas').waitFor();
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    card
      .getByTestId('card-menu')
      .click()
      .then(() => card.getByTestId('save-svg').click()),
  ]);
  expect(await readFile(await picture.path(), 'utf8')).toContain('above 0.01');
  await page.screenshot({ path: `${pictures}/compare-thresholds-light.png` });
});
