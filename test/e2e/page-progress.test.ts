import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest as test } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { overlaps } from '../support/overlaps.ts';

/** A run whose steps come every ten seconds up to now: a thousandth of them makes the last one days away. */
async function going(collector: TestCollector, name: string, steps: readonly number[], total?: number) {
  const body = { name, folder: '/progress', status: 'running', ...(total === undefined ? {} : { total_steps: total }) };
  const { id } = (await collector.ask('POST', '/runs', body)).json;
  const begin = Date.now() - 10_000 * steps.length;
  const log = (seconds: number, step: number) =>
    collector.post('/metrics', {
      run: id,
      metrics: [
        {
          timestamp: new Date(begin + 1000 * seconds).toISOString().replace('Z', '000'),
          ...{ time: seconds, step, values: { loss: 1 / (step + 1) } },
        },
      ],
    });
  for (const [index, step] of steps.entries()) await log(10 * index, step);
  return { id: id as string, log: (step: number) => log(10 * steps.length, step) };
}

const rowOf = (page: Page, name: string) => page.getByTestId('home-running').getByRole('link', { name });
const factOf = (page: Page, testid: string, text: string | RegExp) =>
  page.getByTestId(testid).filter({ hasText: text }).waitFor();

test.for(['light', 'dark'] as const)(
  'home shows how far runs are, live; without a total it looks as it did (%s)',
  async (theme, { openPage, collector }) => {
    const page = await openPage(theme);
    const run = await going(collector, `half ${theme}`, [0, 5000], 20_000);
    await going(collector, `endless ${theme}`, [0, 1]);
    await going(collector, `before its first step ${theme}`, [], 100);
    await page.goto(`${collector.url}/home`);
    const row = rowOf(page, `half ${theme}`);
    await row
      .getByTestId('step')
      .filter({ hasText: /^step 5\u202f000 of 20k,\sends \d\d:\d\d$/ })
      .waitFor();
    const bar = row.getByRole('progressbar', { name: 'Step 5\u202f000 of 20\u202f000' });
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['5000', '20000']);
    expect(await row.locator('[title*="steps/s is the mean of"]').count()).toBe(1);
    for (const name of [`endless ${theme}`, `before its first step ${theme}`]) {
      await rowOf(page, name).getByText('/progress').waitFor();
      expect(await rowOf(page, name).getByRole('progressbar').count()).toBe(0);
    }
    expect(await seriousFindings(page)).toEqual([]);
    for (const width of [1440, 1180, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overlaps(page)).toEqual([]);
      expect(await row.getByText('step 5\u202f000 of 20k').isVisible()).toBe(true);
    }

    await run.log(10_000);
    await row.getByTestId('step').filter({ hasText: 'step 10\u202f000 of 20k' }).waitFor();
    await run.log(31_000);
    await row
      .getByTestId('step')
      .filter({ hasText: /^step 31\u202f000 of 20k$/ })
      .waitFor();
  },
);

test.for(['light', 'dark'] as const)(
  'the overview says the share of the steps and when the last one is expected, live (%s)',
  async (theme, { openPage, collector }) => {
    const page = await openPage(theme);
    const run = await going(collector, `overview ${theme}`, [0], 1_000_000);
    await page.goto(`${collector.url}/runs/${run.id}`);
    await factOf(page, 'fact-step', '0of 1\u202f000\u202f000, 0 %');
    await factOf(page, 'fact-end', '–needs two steps');
    await run.log(250_000);
    await factOf(page, 'fact-step', '250\u202f000of 1\u202f000\u202f000, 25 %');
    await factOf(page, 'fact-end', /^(\d+ \w+, )?\d\d:\d\dat 25\u202f000 steps\/s$/);
    expect(await seriousFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overlaps(page)).toEqual([]);

    await collector.ask('PUT', `/runs/${run.id}`, { total_steps: 200_000 });
    await factOf(page, 'fact-step', '250\u202f000of 200\u202f000, 125 %');
    await factOf(page, 'fact-end', '–all steps are made');
    await collector.ask('PUT', `/runs/${run.id}`, { status: 'completed' });
    await page.getByTestId('fact-end').waitFor({ state: 'detached' });
    await factOf(page, 'fact-step', '250\u202f000of 200\u202f000, 125 %');
  },
);

test('a total can be given on the page, where the metadata is edited', async ({ openPage, collector }) => {
  const page = await openPage();
  const run = await going(collector, 'told later', [0, 10]);
  await page.goto(`${collector.url}/runs/${run.id}`);
  await factOf(page, 'fact-step', '10the highest logged');
  expect(await page.getByTestId('fact-end').count()).toBe(0);
  await page.getByTestId('tab-metadata').click();
  await page.getByRole('button', { name: 'Add one here' }).click();
  await page.getByTestId('metadata-key').fill('simvue.total_steps');
  await page.getByTestId('metadata-value').fill('many');
  await page.getByTestId('confirm').click();
  await page.getByText('simvue.total_steps must be an integer from 1 on').waitFor();
  await page.getByTestId('metadata-value').fill('40');
  await page.getByTestId('confirm').click();
  await page.getByTestId('tab-overview').click();
  await factOf(page, 'fact-step', '10of 40, 25 %');
  await factOf(page, 'fact-end', /at 1 step\/s$/);
});
