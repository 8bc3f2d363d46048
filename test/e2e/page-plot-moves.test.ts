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
    for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight');
    const at = async (slider: Locator) => Number(await slider.getAttribute('aria-valuenow'));
    await expect.poll(() => at(plot), TIMEOUT).toBeGreaterThan(0.3 * STEPS);
    const cursor = await at(plot);
    const near = /^(\d+): ramp (\d+)/.exec((await plot.getAttribute('aria-valuetext')) ?? '') ?? [];
    expect(Math.abs(Number(near[2]) - cursor)).toBeLessThan(2);
    // The cursor of the other card comes along.
    await expect.poll(() => at(page.getByRole('slider', { name: 'Cursor of other' })), TIMEOUT).toBeCloseTo(cursor, 0);
    await page.keyboard.press('+');
    const half = [cursor / 2, (cursor + STEPS) / 2];
    await expect.poll(() => range(page), TIMEOUT).toEqual(half.map(Math.round));
    await page.keyboard.press('Shift+ArrowRight');
    const moved = half.map((end) => end + 0.1 * (STEPS / 2));
    await expect.poll(() => range(page), TIMEOUT).toEqual(moved.map(Math.round));
    await page.keyboard.press('+');
    await expect.poll(() => (range(page)[1] ?? 0) - (range(page)[0] ?? 0), TIMEOUT).toBeCloseTo(STEPS / 4, -1);
    await page.keyboard.press('-');
    await expect.poll(() => range(page), TIMEOUT).toEqual(moved.map(Math.round));
    await page.keyboard.press('0');
    await expect.poll(() => range(page), TIMEOUT).toEqual([]);
    await page.keyboard.press('l');
    await cardOf(page, 'ramp').getByText('at or below 0 not drawn').waitFor();
    await page.keyboard.press('l');
    await page.keyboard.press('e');
    await cardOf(page, 'ramp').getByTestId('save-svg').waitFor();
    await page.keyboard.press('Escape');
    await plot.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('+');
    await page.keyboard.press('-');
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
