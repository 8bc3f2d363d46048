import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { pageTest as test } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { inRepository } from '../support/repository.ts';

const cardOf = (page: Page, metric: string) => page.locator(`[data-testid=metric-card][data-metric="${metric}"]`);

/** A run whose loss falls from 1 to 0.05 and whose residual grows to 0.02, with alerts on them. */
async function watchedRun(collector: TestCollector, firing: string): Promise<string> {
  const alerts = await Promise.all(
    [
      { name: 'diverges', rule: 'is above', metric: 'residuals.*', threshold: 0.01 },
      { name: 'too good', rule: 'is below', metric: 'loss', threshold: 0.3 },
      { name: 'explodes', rule: 'is above', metric: 'loss', threshold: 1000 },
      { name: 'quick', rule: 'is above', metric: 'loss', threshold: 0.7, aggregation: 'rate of change' },
    ].map(async ({ name, ...rule }) => {
      const alert = { ...rule, window: 1, frequency: 1 };
      return (await collector.ask('POST', '/alerts', { name, source: 'metrics', alert })).json.id as string;
    }),
  );
  const made = { name: firing, folder: '/', status: 'running', started: '2026-11-21T08:00:00.000000', alerts };
  const { id } = (await collector.ask('POST', '/runs', made)).json;
  const metrics = Array.from({ length: 40 }, (_, step) => ({
    timestamp: new Date(Date.UTC(2026, 10, 21, 8) + 1000 * step).toISOString().replace('Z', '000'),
    ...{ time: step, step, values: { loss: 1 / (1 + step / 2), 'residuals.p': 0.0005 * step, quiet: step } },
  }));
  await collector.post('/metrics', { run: id, metrics });
  return id;
}

async function drawingOf(page: Page, metric: string): Promise<string> {
  const card = cardOf(page, metric);
  await card.getByTestId('card-menu').click();
  const [download] = await Promise.all([page.waitForEvent('download'), card.getByTestId('save-svg').click()]);
  return readFile(await download.path(), 'utf8');
}

describe('the limits of alerts', () => {
  test.for(['light', 'dark'] as const)(
    'are on the cards of their metrics, without a request of their own (%s)',
    async (theme, { openPage, collector }) => {
      const id = await watchedRun(collector, theme);
      const page = await openPage(theme);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(`${collector.url}/runs/${id}?tab=metrics`);
      for (const metric of ['loss', 'residuals.p', 'quiet']) await cardOf(page, metric).locator('canvas').waitFor();
      expect(asked.filter((path) => /^.api.*alert/.test(path))).toEqual([]);
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-metrics-thresholds-${theme}.png`) });
      const loss = await drawingOf(page, 'loss');
      expect(loss).toContain('>below 0.3<');
      expect(loss).toContain('>↑ above 1000<');
      expect(loss).not.toContain('above 0.7');
      expect(loss.match(/stroke-dasharray="5 3"/g)).toHaveLength(1);
      expect(await drawingOf(page, 'residuals.p')).toContain('>above 0.01<');
      expect(await drawingOf(page, 'quiet')).not.toMatch(/above|below/);
    },
  );
});
