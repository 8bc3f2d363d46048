import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { pageTest as test } from '../support/browser-test.ts';
import { inRepository } from '../support/repository.ts';

const COMMON = 'solver/region-of-the-upper-inlet/boundary-layer/residual-after-correction/component/';
const DAY_SECONDS = 86_400;

const isInside = (page: Page, end: string) =>
  page.locator('[data-testid=metric-card]', { hasText: end }).evaluate((card) => {
    const [head, tail] = card.querySelectorAll('.midcut > span');
    const [title, shown] = [card.querySelector('h2'), tail?.getBoundingClientRect()];
    if (!head || !title || !shown) return 'no title';
    const isCut = head.scrollWidth > head.clientWidth;
    return isCut && head.clientWidth > 40 && shown.right <= title.getBoundingClientRect().right + 1;
  });

describe('a card of a metric', () => {
  test('keeps both ends of a long name, and tells the day on an axis of some days', async ({ openPage, collector }) => {
    const started = Date.UTC(2026, 10, 1);
    const stamp = (seconds: number) =>
      new Date(started + 1000 * seconds).toISOString().replace('Z', '000').slice(0, 26);
    const made = { name: 'days', folder: '/', status: 'running', started: stamp(0) };
    const { id } = (await collector.ask('POST', '/runs', made)).json;
    const metrics = Array.from({ length: 40 }, (_, step) => ({
      timestamp: stamp((step * DAY_SECONDS) / 10),
      ...{ time: (step * DAY_SECONDS) / 10, step, values: { [`${COMMON}x`]: step, [`${COMMON}y`]: -step } },
    }));
    await collector.post('/metrics', { run: id, metrics });
    const page = await openPage();
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${collector.url}/runs/${id}?tab=metrics&x=timestamp`);
      await page.locator('canvas').first().waitFor();
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-metrics-titles-${width}.png`) });
      for (const end of ['/x', '/y']) expect(await isInside(page, end), `${end} at ${width}`).toBe(true);
    }
    await page.getByRole('heading', { name: `${COMMON}x`, exact: true }).waitFor();
    const slider = page.getByRole('slider', { name: /\/x$/ });
    await slider.focus();
    await slider.press('Home');
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^11-01 00:00:00: /);
    expect(await page.getByTestId('legend').first().textContent()).toContain('11-01 00:00:00');
  });
});
