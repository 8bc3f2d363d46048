import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { randomId } from '../../collector/pipeline/run-id.ts';
import { seriousFindings } from '../support/axe.ts';
import { pageTest as test } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { OtlpRun } from '../support/otlp-run.ts';
import { inRepository } from '../support/repository.ts';

const HOUR_MILLISECONDS = 3_600_000;
const BOUNDING = 'bounding omega, max: 1.2e+07';

/** A run of an hour ago with two alerts on its events: event time alone moves it. */
async function watchedRun(collector: TestCollector): Promise<OtlpRun> {
  const run = new OtlpRun(collector.url, randomId(), Date.now() - HOUR_MILLISECONDS);
  await run.start();
  const pattern = { bounding: 'bounding', huge: '\\de\\+\\d\\d$' };
  for (const [name, text] of Object.entries(pattern))
    await run.control('simvue.alert.define', {
      'simvue.alert.name': name,
      'simvue.alert.source': 'events',
      'simvue.alert.pattern': text,
      'simvue.alert.pattern_type': name === 'huge' ? 'regex' : 'substring',
      'simvue.alert.window_minutes': 1,
      'simvue.alert.frequency_minutes': 1,
    });
  return run;
}
const rowOf = (page: Page, message: string) => page.getByTestId('event-row').filter({ hasText: message });
const alertRow = (page: Page, name: string) => page.locator(`[data-testid=alert-row][data-alert=${name}]`);

describe('an event that an alert matched', () => {
  test.for(['light', 'dark'] as const)(
    'has a link to the alert, live, whose row is open; and the alert has one back (%s)',
    async (theme, { openPage, collector }) => {
      const run = await watchedRun(collector);
      await run.event('Time = 1', 5);
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${run.id}?tab=events`);
      await rowOf(page, 'Time = 1').waitFor();
      expect(await page.getByTestId('event-alert').count()).toBe(0);
      await run.event(BOUNDING, 10);
      const links = rowOf(page, BOUNDING).getByTestId('event-alert');
      await expect.poll(() => links.allInnerTexts()).toEqual(['bounding', 'huge']);
      await run.event('bounding k', 20);
      const later = rowOf(page, 'bounding k').getByTestId('event-alert');
      await later.waitFor();
      expect(await later.getAttribute('title')).toBe('bounding fired already when this event matched it');
      expect(await links.first().getAttribute('title')).toBe('This event made bounding fire');
      expect(await rowOf(page, 'Time = 1').getByTestId('event-alert').count()).toBe(0);
      expect(await seriousFindings(page)).toEqual([]);
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-event-alerts-${theme}.png`) });

      await links.filter({ hasText: 'huge' }).click();
      await page.getByTestId('why').getByText('this event matched: it fires.').waitFor();
      const expand = alertRow(page, 'huge').getByTestId('expand');
      expect(await expand.getAttribute('aria-expanded')).toBe('true');
      expect(await page.evaluate('document.activeElement.closest("tr").dataset.alert')).toBe('huge');
      expect(await alertRow(page, 'bounding').getByTestId('expand').getAttribute('aria-expanded')).toBe('false');
      await page.reload();
      await page.getByTestId('firing-event').click();
      await rowOf(page, BOUNDING).waitFor();
      expect(await page.getByTestId('event-row').count()).toBe(1);
      await page.getByTestId('part-chip').getByRole('button').click();
      await rowOf(page, 'Time = 1').waitFor();
    },
  );

  test('has its link below the message on a phone', async ({ openPage, collector }) => {
    const run = await watchedRun(collector);
    await run.event(BOUNDING, 10);
    const page = await openPage('dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${collector.url}/runs/${run.id}?tab=events`);
    const link = rowOf(page, BOUNDING).getByTestId('event-alert').first();
    await link.waitFor();
    const message = await rowOf(page, BOUNDING).locator('code').boundingBox();
    const place = await link.boundingBox();
    expect(place?.y).toBeGreaterThanOrEqual((message?.y ?? 0) + (message?.height ?? 0));
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
