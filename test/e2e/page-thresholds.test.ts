import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { randomId } from '../../collector/pipeline/run-id.ts';
import { seriousFindings } from '../support/axe.ts';
import { pageTest as test } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { OtlpRun } from '../support/otlp-run.ts';
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

const HOUR_MILLISECONDS = 3_600_000;
const attach = (run: OtlpRun, name: string, metric: string, rule: string, limits: Record<string, number>) =>
  run.control('simvue.alert.define', {
    'simvue.alert.name': name,
    'simvue.alert.source': 'metrics',
    'simvue.alert.metric': metric,
    'simvue.alert.rule': rule,
    'simvue.alert.window_minutes': 1,
    'simvue.alert.frequency_minutes': 1,
    ...limits,
  });
/** Of the dashed lines of a drawing. */
const widthsOf = (svg: string): string[] =>
  [...svg.matchAll(/<[^>]*stroke-dasharray="5 3"[^>]*>/g)].map(
    ([tag]) => /stroke-width="([^"]*)"/.exec(tag)?.[1] ?? '',
  );

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

  test.for([
    ['light', 1440],
    ['dark', 1440],
    ['dark', 390],
  ] as const)(
    'that fire have a thicker line and a link in the foot of the card, until they are over (%s, %i)',
    async ([theme, width], { openPage, collector }) => {
      const run = new OtlpRun(collector.url, randomId(), Date.now() - HOUR_MILLISECONDS);
      await run.start();
      const band = { 'simvue.alert.range_low': 0.2, 'simvue.alert.range_high': 0.8 };
      await attach(run, 'far too high, as its name says at length', 'loss', 'is above', {
        'simvue.alert.threshold': 0.7,
      });
      await attach(run, 'low', 'loss', 'is below', { 'simvue.alert.threshold': 0.1 });
      await attach(run, 'in band', 'wave', 'is inside range', band);
      await attach(run, 'out of band', 'wave', 'is outside range', { ...band, 'simvue.alert.range_low': 0.4 });
      const minute = (of: number, value: number) =>
        Array.from({ length: 61 }, (_, second) => [of * 60 + second, value + second / 1000] as const);
      await run.metrics({ loss: minute(0, 0.4), wave: minute(0, 0.35) });
      const page = await openPage(theme);
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${collector.url}/runs/${run.id}?tab=metrics`);
      const foot = (metric: string) => cardOf(page, metric).getByTestId('card-alert');
      await foot('wave').getByText('2 firing').waitFor();
      expect(await foot('loss').count()).toBe(0);
      await cardOf(page, 'wave').locator('canvas').waitFor();
      expect(widthsOf(await drawingOf(page, 'wave'))).toEqual(['1.75']);
      await run.metrics({ loss: minute(1, 0.8), wave: minute(1, 0.5) });
      await foot('loss').getByText('far too high').waitFor();
      await foot('wave').getByText('in band').waitFor();
      await expect.poll(async () => widthsOf(await drawingOf(page, 'loss'))).toEqual(['1.75']);
      expect(widthsOf(await drawingOf(page, 'wave'))).toEqual(['1']);
      expect(await seriousFindings(page)).toEqual([]);
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-metrics-firing-${theme}-${width}.png`) });
      const [card, link] = await Promise.all([cardOf(page, 'loss').boundingBox(), foot('loss').boundingBox()]);
      if (!card || !link) throw new Error('not shown');
      expect(link.x + link.width).toBeLessThanOrEqual(card.x + card.width);
      expect(link.y + link.height).toBeLessThanOrEqual(card.y + card.height);

      await run.metrics({ loss: minute(2, 0.5), wave: minute(2, 0.5) });
      await foot('loss').waitFor({ state: 'detached' });
      await foot('wave').click();
      await page.getByTestId('why').waitFor();
      const row = page.locator('[data-testid=alert-row][data-alert="in band"]');
      expect(await row.getByTestId('expand').getAttribute('aria-expanded')).toBe('true');
    },
  );
});
