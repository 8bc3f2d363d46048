import type { Locator, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';

const STEPS = 400;
const TIMEOUT = { timeout: 20_000 };
const test = pageTest.extend('address', { scope: 'file' }, async ({ collector }) => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'moved', folder: '/moved', status: 'running' })).json;
  const metrics = Array.from({ length: STEPS + 1 }, (_, step) => ({
    ...{ timestamp: new Date(Date.now() - 1000 * (STEPS - step)).toISOString().replace('Z', '000'), time: step, step },
    values: { ramp: step, other: -step },
  }));
  await collector.post('/metrics', { run: id, metrics });
  return `${collector.url}/runs/${id}?tab=metrics`;
});

const cardOf = (page: Page, title: string): Locator =>
  page.locator(`[data-testid=metric-card][data-metric="${title}"]`);
/** Ends of the range that the address keeps, rounded; empty = all. */
const range = (page: Page): number[] =>
  ['from', 'to'].flatMap((end) => {
    const text = new URL(page.url()).searchParams.get(end);
    return text === null ? [] : [Math.round(Number(text))];
  });

describe('a plot', () => {
  test('is read, zoomed, moved and shown whole with keys alone, and says its values', async ({ openPage, address }) => {
    const page = await openPage();
    await page.goto(address);
    const plot = page.getByRole('slider', { name: 'Cursor of ramp' });
    await plot.locator('canvas').waitFor();
    await plot.focus();
    const at = async (slider: Locator) => Number(await slider.getAttribute('aria-valuenow'));
    const says = (step: number) =>
      expect.poll(() => plot.getAttribute('aria-valuetext'), TIMEOUT).toBe(`step ${step}: ramp ${step}`);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    // Two points share a pixel: the cursor goes by their means.
    await press('Home');
    await expect.poll(() => at(plot), TIMEOUT).toBeLessThanOrEqual(1);
    await press('End');
    await expect.poll(() => at(plot), TIMEOUT).toBeGreaterThanOrEqual(STEPS - 1);
    const last = await at(plot);
    await press('ArrowLeft');
    const before = await at(plot);
    expect(last - before).toBeLessThan(4);
    expect(await plot.getAttribute('aria-valuetext')).toBe(`step ${Math.round(before)}: ramp ${before}`);
    // The cursor of the other card comes along.
    await expect.poll(() => at(page.getByRole('slider', { name: 'Cursor of other' })), TIMEOUT).toBeCloseTo(before, -1);
    for (let turn = 0; turn < 6; turn++) await press('Shift+ArrowLeft');
    const cursor = await at(plot);
    expect(cursor).toBeLessThan(STEPS - 60);
    await press('+', '+');
    const quarter = [cursor - cursor / 4, cursor + (STEPS - cursor) / 4];
    await expect.poll(() => range(page), TIMEOUT).toEqual(quarter.map(Math.round));
    // The buckets have become points.
    await cardOf(page, 'ramp')
      .locator('.mfoot')
      .filter({ hasText: /^\s*\d+ points\s*$/ })
      .waitFor();
    await press('ArrowRight');
    const exact = async () => /^step (\d+): ramp \1$/.exec((await plot.getAttribute('aria-valuetext')) ?? '')?.[1];
    await expect.poll(exact, TIMEOUT).toBeDefined();
    const point = Number(await exact());
    expect(Math.abs(point - cursor)).toBeLessThan(4);
    await press('ArrowRight');
    await says(point + 1);
    await press('Shift+ArrowRight');
    await says(point + 11);
    await press('PageUp');
    const moved = quarter.map((end) => end - 0.9 * (STEPS / 4));
    await expect.poll(() => range(page), TIMEOUT).toEqual(moved.map(Math.round));
    await press('Home');
    await says(Math.ceil(moved[0] ?? 0));
    // At the edge the plot comes along.
    await press('ArrowLeft');
    await expect.poll(() => range(page), TIMEOUT).toEqual(moved.map((end) => Math.round(end - 10)));
    await press('-');
    await expect.poll(() => (range(page)[1] ?? 0) - (range(page)[0] ?? 0), TIMEOUT).toBeCloseTo(STEPS / 2, -1);
    await page.keyboard.press('0');
    await expect.poll(() => range(page), TIMEOUT).toEqual([]);
    await page.keyboard.press('l');
    await cardOf(page, 'ramp').getByText('at or below 0 not drawn').waitFor();
    await page.keyboard.press('l');
    await page.keyboard.press('e');
    await cardOf(page, 'ramp').getByTestId('save-svg').waitFor();
    await page.keyboard.press('Escape');
    await plot.focus();
    await press('+', '-');
    await expect.poll(() => range(page), TIMEOUT).toEqual([]);
  });

  test('is zoomed by two fingers, moved by one, and lets the page be scrolled', async ({ browser, address }) => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await page.goto(address);
    const over = cardOf(page, 'ramp').locator('.u-over');
    await over.waitFor();
    expect(await page.evaluate("getComputedStyle(document.querySelector('.u-over')).touchAction")).toBe('pan-y');
    const box = await over.boundingBox();
    if (!box) throw new Error('the plot has no place');
    const cdp = await context.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...shares: number[]) =>
      cdp.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: shares.map((share, id) => ({ x: box.x + box.width * share, y: box.y + box.height / 2, id })),
      });
    await touch('touchStart', 0.25);
    await touch('touchMove', 0.5);
    await cardOf(page, 'ramp').getByTestId('legend').filter({ hasText: /20\d/ }).waitFor();
    expect(range(page)).toEqual([]);
    await touch('touchEnd');
    await touch('touchStart', 0.4, 0.6);
    for (const apart of [0.15, 0.2]) await touch('touchMove', 0.5 - apart, 0.5 + apart);
    await touch('touchEnd');
    await expect.poll(() => range(page), TIMEOUT).toEqual([100, 300]);
    await touch('touchStart', 0.6);
    for (const share of [0.5, 0.35, 0.1]) await touch('touchMove', share);
    await touch('touchEnd');
    await expect.poll(() => range(page), TIMEOUT).toEqual([200, 400]);
    await context.close();
  });
});
