import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { inRepository } from '../support/repository.ts';

const ticks = (count: number) => Array.from({ length: count }, (_, index) => index / 10);
const GRIDS = [
  { metric: 'plate/T', grid: [ticks(30), ticks(20)], labels: ['x', 'y'] },
  { metric: 'profile', grid: [ticks(50)], labels: ['radius'] },
  { metric: 'cube', grid: [ticks(6), ticks(5), ticks(4), ticks(2)], labels: ['x', 'y', 'z', ''] },
];

/** The value at 0, 0 is the least one of a plate, that at its other corner the greatest; one cell has none. */
const plateAt = (step: number) =>
  ticks(20).map((y, row) => ticks(30).map((x, column) => (row === 3 && column === 4 ? Number.NaN : x + y + step)));

async function logStep(collector: TestCollector, run: string, step: number): Promise<void> {
  const arrays = {
    'plate/T': plateAt(step),
    cube: ticks(2).map((w) => ticks(4).map((z) => ticks(5).map((y) => ticks(6).map((x) => x * y + z + 100 * w)))),
    profile: ticks(50).map((x) => x * x + step),
  };
  const at = { step, time: step, timestamp: '2026-01-31T12:00:00.000000' };
  const entries = Object.entries(arrays).map(([metric, array]) => ({ ...at, metric, array, grid: metric }));
  expect((await collector.post(`/runs/${run}/metrics`, entries)).status).toBe(200);
}

const test = pageTest.extend('run', { scope: 'file' }, async ({ collector }): Promise<string> => {
  const run = (await collector.ask('POST', '/runs', { name: 'plate', folder: '/', status: 'running' })).json.id;
  for (const { metric, grid, labels } of GRIDS) {
    const { id } = (await collector.ask('POST', '/grids', { name: metric, grid, labels })).json;
    await collector.ask('PUT', `/runs/${run}/grids/${id}`, { metric });
  }
  for (const step of [0, 5]) await logStep(collector, run, step);
  return run;
});

const cardOf = (page: Page, metric: string): Locator =>
  page.locator(`[data-testid=field-card][data-metric="${metric}"]`);
async function saved(page: Page, card: Locator, what: string): Promise<Buffer> {
  await card.getByTestId('card-menu').click();
  const [download] = await Promise.all([page.waitForEvent('download'), card.getByTestId(what).click()]);
  return readFile(await download.path());
}

type Rgba = readonly number[];
interface Colours {
  readonly least: Rgba;
  readonly greatest: Rgba;
  /** Of the cell that has no number. */
  readonly none: Rgba;
  readonly scale: readonly Rgba[];
}
const PLATE_CELLS = '[data-metric="plate/T"] [data-testid=heat-cells]';
/** Colours of the corners of a heat map, of its least and its greatest cell, and of the ends of its scale. */
const COLOURS = `async (image) => {
  const picture = Object.assign(new Image(), { src: image.getAttribute('href') });
  await picture.decode();
  const { width, height } = picture;
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const at = (x, y) => [...context.getImageData(x, y, 1, 1).data];
  const stops = [...image.ownerSVGElement.querySelectorAll('stop')].map((stop) => getComputedStyle(stop).stopColor);
  const rgba = (text) => [...text.match(/\\d+/g).map(Number), 255];
  return { least: at(0, height - 1), greatest: at(width - 1, 0), none: at(4, height - 4), scale: [rgba(stops[0]), rgba(stops.at(-1))] };
}`;

describe('metrics on grids', () => {
  test('are heat maps with a step, and curves where they have one axis', async ({ openPage, collector, run }) => {
    const page = await openPage('dark');
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    const plate = cardOf(page, 'plate/T');
    await plate.getByText('Step 5,').waitFor();
    await plate.getByTestId('heat-cells').waitFor();
    expect(await page.getByText('No metrics.').count()).toBe(0);
    await cardOf(page, 'profile').locator('[data-testid=figure-view] > svg').first().waitFor();
    const cube = cardOf(page, 'cube');
    await cube.getByLabel('z of cube').press('End');
    await cube.getByText('z 0.3').waitFor();
    await cube.getByLabel('axis 4 of cube').press('End');
    await cube.getByText('axis 4 0.1').waitFor();
    await cube.getByTestId('heat-cells').hover({ position: { x: 3, y: 3 } });
    await cube.locator('output').filter({ hasText: 'x 0, y 0.4: 10.3' }).waitFor();
    await page.screenshot({ path: inRepository('.cache/screenshots/run-fields-dark.png'), fullPage: true });
    await plate.getByTestId('field-step').press('Home');
    await plate.getByText('Step 0,').waitFor();
  });

  test.for(['light', 'dark'] as const)(
    'have the colours of their scale, and say which cells have no number (%s)',
    async (theme, { openPage, collector, run }) => {
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
      const plate = cardOf(page, 'plate/T');
      await plate.getByTestId('heat-cells').waitFor();
      const { least, greatest, none, scale } = await page.evaluate<Colours>(
        `(${COLOURS})(document.querySelector('${PLATE_CELLS}'))`,
      );
      expect([least, greatest]).toEqual(scale);
      expect(none[3]).toBe(0);
      expect(await plate.getByTestId('heat-missing').textContent()).toBe('1 not finite');
      expect(await seriousFindings(page)).toEqual([]);
    },
  );

  test('fill the screen, are read cell by cell with keys, and stay at the step that is chosen while newer ones come', async ({
    openPage,
    collector,
    run,
  }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    const plate = cardOf(page, 'plate/T');
    const cells = plate.getByTestId('heat-cells');
    await cells.waitFor();
    const before = (await cells.boundingBox())?.width ?? 0;
    await plate.getByTestId('card-menu').click();
    await plate.getByTestId('full-screen').click();
    await expect.poll(async () => (await cells.boundingBox())?.width ?? 0).toBeGreaterThan(2 * before);
    const cursor = plate.getByRole('slider', { name: /^Cell of plate/ });
    await cursor.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'Shift+ArrowRight']) await page.keyboard.press(key);
    const said = () => cursor.getAttribute('aria-valuetext');
    expect(await said()).toBe('x 1.1, y 0.1: 6.2');
    await page.keyboard.press('End');
    expect(await said()).toBe('x 2.9, y 0.1: 8');
    await page.screenshot({ path: inRepository('.cache/screenshots/run-field-full-light.png') });
    await plate.getByTestId('field-step').press('Home');
    await plate.getByText('Step 0,').waitFor();
    await logStep(collector, run, 7);
    await expect.poll(() => plate.getByTestId('field-step').getAttribute('max')).toBe('2');
    expect(await plate.getByText('Step 0,').count()).toBe(1);
    await plate.getByTestId('field-step').press('End');
    await plate.getByText('Step 7,').waitFor();
    await logStep(collector, run, 8);
    await plate.getByText('Step 8,').waitFor();
    await page.getByTestId('full-screen').first().evaluate('document.exitFullscreen()');
    await expect.poll(async () => (await cells.boundingBox())?.width ?? 0).toBeLessThan(1.1 * before);
  });

  test('are saved as they are shown, with their values', async ({ openPage, collector, run }) => {
    const page = await openPage('dark');
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    const plate = cardOf(page, 'plate/T');
    await plate.getByTestId('heat-cells').waitFor();
    await expect.poll(() => plate.getByTestId('field-step').isEnabled()).toBe(true);
    await plate.getByTestId('field-step').press('Home');
    await plate.getByText('Step 0,').waitFor();
    const [head, first, ...rest] = (await saved(page, plate, 'save-csv')).toString().trim().split('\r\n');
    expect([head, first, rest.length]).toEqual(['x,y,value', '0,0,0', 599]);
    expect(rest.filter((row) => row.endsWith('NaN'))).toEqual(['0.4,0.3,NaN']);
    const drawing = (await saved(page, plate, 'save-svg')).toString();
    expect(drawing).toContain('>plate/T, step 0</text>');
    expect(drawing).toMatch(/<image [^>]*href="data:image\/png;base64,/);
    expect(drawing).not.toMatch(/var\(|class=|data-testid/);
    for (const [card, least] of [
      [plate, 5000],
      [cardOf(page, 'profile'), 5000],
    ] as const) {
      const picture = await saved(page, card, 'save-png');
      expect(picture.subarray(1, 4).toString()).toBe('PNG');
      expect(picture.length).toBeGreaterThan(least);
    }
  });

  test('are asked for when they come into view, and their axes once', async ({ openPage, collector }) => {
    const run = (await collector.ask('POST', '/runs', { name: 'many', folder: '/', status: 'running' })).json.id;
    const shape = { grid: [ticks(4), ticks(3)], labels: ['x', 'y'] };
    const { id } = (await collector.ask('POST', '/grids', { name: 'shared', ...shape })).json;
    const names = Array.from({ length: 30 }, (_, index) => `field ${String(index).padStart(2, '0')}`);
    for (const metric of names) await collector.ask('PUT', `/runs/${run}/grids/${id}`, { metric });
    const array = ticks(3).map(() => ticks(4));
    const log = async (step: number) => {
      const at = { step, time: step, timestamp: '2026-01-31T12:00:00.000000', array, grid: 'shared' };
      await collector.post(
        `/runs/${run}/metrics`,
        names.map((metric) => ({ ...at, metric })),
      );
    };
    await log(0);
    const page = await openPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(decodeURIComponent(new URL(request.url()).pathname)));
    const valuesOf = (metric: string) => asked.filter((path) => path.endsWith(`/metrics/${metric}/values`)).length;
    await page.goto(`${collector.url}/runs/${run}?tab=metrics`);
    await cardOf(page, 'field 00').getByText('Step 0,').waitFor();
    const height = (await cardOf(page, 'field 00').boundingBox())?.height;
    const last = cardOf(page, 'field 29');
    expect((await last.boundingBox())?.height).toBe(height);
    await log(1);
    await cardOf(page, 'field 00').getByText('Step 1,').waitFor();
    expect([valuesOf('field 00'), valuesOf('field 29')]).toEqual([2, 0]);
    await last.scrollIntoViewIfNeeded();
    await last.getByText('Step 1,').waitFor();
    await cardOf(page, 'field 00').scrollIntoViewIfNeeded();
    await log(2);
    await cardOf(page, 'field 00').getByText('Step 2,').waitFor();
    expect([valuesOf('field 00'), valuesOf('field 29')]).toEqual([3, 1]);
    expect(asked.filter((path) => path.startsWith('/api/grids/'))).toHaveLength(1);
  });
});
