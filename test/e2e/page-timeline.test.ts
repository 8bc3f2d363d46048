import { describe, expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest as test } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { HOSTILE } from '../support/hostile.ts';
import { moveTo, press } from '../support/keyboard.ts';
import { inRepository } from '../support/repository.ts';
import { sendTrace } from '../support/trace.ts';

const newRun = async (collector: TestCollector) =>
  (await collector.ask('POST', '/runs', { name: 'traced', folder: '/', status: 'running' })).json.id as string;

describe('the timeline of a run', () => {
  test.for(['light', 'dark'] as const)(
    'shows spans as they come, nested, with what they hold (%s)',
    async (theme, { openPage, collector }) => {
      const run = await newRun(collector);
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${run}?tab=timeline`);
      await page.getByText('No spans.').waitFor();
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-timeline-empty-${theme}.png`) });
      await sendTrace(collector, run, 4);
      const rows = page.getByTestId('span-row');
      await expect.poll(() => rows.count()).toBe(13);
      expect(await page.getByTestId('span-count').textContent()).toBe('13 spans, 1 with an error, 2 s');
      expect(await Promise.all((await rows.all()).slice(0, 5).map((row) => row.getAttribute('data-depth')))).toEqual([
        '0',
        '1',
        '2',
        '2',
        '1',
      ]);
      await rows.filter({ hasText: 'error' }).click();
      const details = page.getByTestId('span-details');
      expect(await details.textContent()).toContain('error: diverged');
      expect(await details.textContent()).toContain(HOSTILE);
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-timeline-${theme}.png`) });
      expect(await seriousFindings(page)).toEqual([]);
      await rows.first().focus();
      await press(page, 'End');
      expect(await page.locator(':focus').textContent()).toContain('solve');
      await press(page, 'ArrowLeft', 'ArrowLeft', 'ArrowRight', 'ArrowRight');
      expect(await page.locator(':focus').textContent()).toContain('assemble');
      await press(page, 'Home', 'ArrowLeft');
      await expect.poll(() => rows.count()).toBe(1);
      await rows.first().press('ArrowRight');
      await page.getByTestId('span-search').fill('solve');
      await expect.poll(() => rows.count()).toBe(4);
      expect(await page.evaluate('"pwned" in window')).toBe(false);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-timeline-phone-${theme}.png`) });
    },
  );

  test('zooms by a drag on its ruler, and draws the rows in view of thousands', async ({ openPage, collector }) => {
    const run = await newRun(collector);
    await sendTrace(collector, run, 600);
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=timeline`);
    const rows = page.getByTestId('span-row');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(80);
    await page.getByTestId('more-spans').click();
    await page.getByTestId('more-spans').waitFor({ state: 'detached' });
    await page.getByTestId('spans').evaluate((list) => {
      list.scrollTop = list.scrollHeight;
    });
    await page.locator('[data-testid=span-row][aria-posinset="1801"]').waitFor();
    // A tree is one stop, and its keys come to rows that are not drawn yet.
    await moveTo(page, rows.and(page.locator('[tabindex="0"]')));
    await press(page, 'Home');
    await expect.poll(() => page.locator(':focus').getAttribute('aria-posinset')).toBe('1');
    await press(page, 'End', 'ArrowUp');
    await expect.poll(() => page.locator(':focus').getAttribute('aria-posinset')).toBe('1800');
    const box = await page.getByTestId('span-ruler').boundingBox();
    if (!box) throw new Error('the ruler has no place');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 10, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => page.getByTestId('span-ruler').textContent()).toMatch(/1 s.*1\.[12]\d? s/);
    await page.getByTestId('zoom-all').click();
    await expect.poll(() => page.getByTestId('zoom-all').isDisabled()).toBe(true);
  });
});
