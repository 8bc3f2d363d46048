import { readFile } from 'node:fs/promises';
import { parquetReadObjects } from 'hyparquet';
import type { Download, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const test = pageTest.extend(
  'run',
  { scope: 'file' },
  async ({ collector }) => (await fillPages(collector, 1)).runs.get('pitz-00') ?? '',
);

const cardOf = (page: Page, metric: string) => page.locator(`[data-testid=metric-card][data-metric="${metric}"]`);
const contentOf = async (download: Download): Promise<Buffer> => readFile(await download.path());

describe('the plots of a run', () => {
  test('over another metric say so when there are too many points to bring together one by one', async ({
    openPage,
    collector,
  }) => {
    const made = { name: 'long', folder: '/', status: 'running', started: '2026-11-21T08:00:00.000000' };
    const { id } = (await collector.ask('POST', '/runs', made)).json;
    const send = (from: number, count: number) =>
      collector.post('/metrics', {
        run: id,
        metrics: Array.from({ length: count }, (_, index) => ({
          timestamp: new Date(Date.UTC(2026, 10, 21, 8) + 1000 * (from + index)).toISOString().replace('Z', '000'),
          ...{ time: from + index, step: from + index, values: { grown: from + index, loss: 1 / (from + index + 1) } },
        })),
      });
    await send(0, 400);
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${id}?tab=metrics&x=metric.grown`);
    const foot = cardOf(page, 'loss').locator('.mfoot');
    await foot.filter({ hasText: /^\s*400 points\s*$/ }).waitFor();
    for (const from of [400, 6_400]) await send(from, 6_000);
    await foot.filter({ hasText: 'drawn from means of 2' }).waitFor();
  });

  test('are picked by name, drawn over step and time, between the ends that are set, and kept in the link', async ({
    openPage,
    collector,
    run,
  }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    await cardOf(page, 'loss').locator('canvas').waitFor();
    expect(await page.getByTestId('metric-card').count()).toBe(3);
    await page.getByTestId('metric-filter').fill('loss');
    await expect.poll(() => page.getByTestId('metric-card').count()).toBe(1);
    await page.getByRole('button', { name: 'Time', exact: true }).click();
    await cardOf(page, 'loss').getByTestId('card-menu').click();
    await page.getByTestId('y-low').fill('0');
    await page.getByTestId('y-low').press('Tab');
    await page.getByTestId('y-high').fill('10');
    await page.getByTestId('y-high').press('Tab');
    await page.screenshot({ path: inRepository('.cache/screenshots/run-metrics-menu-light.png') });
    const { search } = new URL(page.url());
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
      tab: 'metrics',
      x: 'time',
      q: 'loss',
      y: '0:10:loss',
    });
    await page.reload();
    await cardOf(page, 'loss').locator('canvas').waitFor();
    expect(new URL(page.url()).search).toBe(search);
  });

  test.for(['light', 'dark'] as const)(
    'are one plot of picked metrics with a title, as in the seed (%s)',
    async (theme, { openPage, collector, run }) => {
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
      await cardOf(page, 'loss').locator('canvas').waitFor();
      await page.getByTestId('display-all').uncheck();
      await page.getByText('No metric is picked.').waitFor();
      for (const name of ['loss', 'residuals.p']) await page.getByRole('checkbox', { name, exact: true }).check();
      await page.getByRole('button', { name: 'Time', exact: true }).click();
      const card = cardOf(page, 'picked metrics');
      await card.locator('canvas').waitFor();
      expect(await card.getByTestId('legend').textContent()).toMatch(/loss.*residuals\.p/);
      await card.getByTestId('card-menu').click();
      await page.getByTestId('y-low').fill('0');
      await page.getByTestId('y-high').fill('10');
      await page.getByTestId('y-high').press('Tab');
      await page.keyboard.press('Escape');
      await page.getByTestId('plot-title').fill('Loss & residual');
      await page.getByTestId('plot-title').press('Enter');
      await card.getByRole('heading', { name: 'Loss & residual' }).waitFor();
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-metrics-single-${theme}.png`) });
      const { search } = new URL(page.url());
      await page.reload();
      await card.getByRole('heading', { name: 'Loss & residual' }).waitFor();
      expect(new URL(page.url()).search).toBe(search);
      await page.getByTestId('display-all').check();
      await expect.poll(() => page.getByTestId('metric-card').count()).toBe(3);
    },
  );

  test('stand over another metric, on logarithmic axes, with the event of the cursor', async ({
    openPage,
    collector,
    run,
  }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    const over = cardOf(page, 'loss').locator('.u-over');
    await over.waitFor();
    const canvas = cardOf(page, 'loss').locator('canvas');
    expect(await canvas.getAttribute('data-last-x')).toBe('39');
    await over.hover({ position: { x: 80, y: 40 } });
    await page.getByTestId('event-at-cursor').filter({ hasText: 'No event before it.' }).waitFor();
    const box = await over.boundingBox();
    await over.hover({ position: { x: (box?.width ?? 2) - 1, y: 40 } });
    await page
      .getByTestId('event-at-cursor')
      .filter({ hasText: /No event|step 40 done/ })
      .waitFor();
    await page.getByTestId('x-metric').fill('residuals.p');
    await page.getByTestId('x-metric').press('Enter');
    await expect.poll(() => canvas.getAttribute('data-last-x')).toBe('0.1');
    await page.getByTestId('log-x').click();
    await expect.poll(() => new URL(page.url()).search).toContain('logx');
    await page.mouse.move(0, 0);
    await page.screenshot({ path: inRepository('.cache/screenshots/run-metrics-over-light.png') });
  });

  test('are saved with all their points, and as a picture', async ({ openPage, collector, run }) => {
    const page = await openPage('dark');
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    await cardOf(page, 'loss').locator('canvas').waitFor();
    const save = async (what: string) => {
      await cardOf(page, 'loss').getByTestId('card-menu').click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        cardOf(page, 'loss').getByTestId(what).click(),
      ]);
      return download;
    };
    const table = await save('save-csv');
    expect(table.suggestedFilename()).toBe('loss.csv');
    const [head, first, ...rest] = (await contentOf(table)).toString().trim().split('\r\n');
    expect(head).toBe('run,metric,instance,attempt,step,time,timestamp,value');
    expect(first).toMatch(new RegExp(`^${run},loss,[^,]*,1,0,0,[^,]+,1$`));
    expect(rest).toHaveLength(39);
    expect(JSON.parse((await contentOf(await save('save-json'))).toString())).toHaveLength(40);
    const parquet = await save('save-parquet');
    expect(parquet.suggestedFilename()).toBe('loss.parquet');
    const rows = await parquetReadObjects({ file: new Uint8Array(await contentOf(parquet)).buffer });
    expect(rows).toHaveLength(40);
    expect(rows[0]).toMatchObject({ run, metric: 'loss', step: 0n, value: 1 });
    const picture = await contentOf(await save('save-png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeGreaterThan(2000);
    const drawing = (await contentOf(await save('save-svg'))).toString();
    expect(drawing).toMatch(/^<svg [\s\S]*>loss<\/text>[\s\S]*<path d="M[\s\S]*<\/svg>\s*$/);
  });

  test('are zoomed by a drag, moved with Shift and shown whole again', async ({ openPage, collector, run }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    const over = cardOf(page, 'loss').locator('.u-over');
    await over.waitFor();
    const box = await over.boundingBox();
    if (!box) throw new Error('the plot has no place');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    await page.getByTestId('range-chip').waitFor();
    const query = new URL(page.url()).searchParams;
    expect(Number(query.get('from'))).toBeCloseTo(9.75, 0);
    expect(Number(query.get('to'))).toBeCloseTo(19.5, 0);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const ends = (): number[] => ['from', 'to'].map((end) => Number(new URL(page.url()).searchParams.get(end)));
    const moved = ['from', 'to'].map((end) => Math.round(Number(query.get(end)) + 0.2 * 9.75));
    await expect.poll(() => ends().map(Math.round), { timeout: 20_000 }).toEqual(moved);
    await page.getByRole('button', { name: 'Show the whole run' }).click();
    await page.getByTestId('range-chip').waitFor({ state: 'detached' });
  });
});
