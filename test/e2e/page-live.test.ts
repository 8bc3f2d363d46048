import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { pagesOf } from '../support/browser-test.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { postPoint } from '../support/otlp-json.ts';
import { eventually } from '../support/rest-reader.ts';

const test = pagesOf(() => CollectorProcess.start());

/** What a browser says of a collector that stops, or is away. */
const AWAY =
  /ERR_CONNECTION|ERR_EMPTY|ERR_SOCKET|ERR_INCOMPLETE|status of 503|^503 |Failed to fetch|Importing a module/;

/** Live streams that are open, as the collector counts them. */
async function readers(collector: CollectorProcess): Promise<number> {
  const text = await (await fetch(`${collector.url}/metrics`)).text();
  return Number(/^simvue_\w*live_readers (\d+)$/m.exec(text)?.[1]);
}

async function openRuns(collector: CollectorProcess, context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${collector.url}/runs`);
  await isLive(page);
  return page;
}

const isLive = (page: Page) => page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();

async function addRun(collector: CollectorProcess, name: string): Promise<void> {
  await postPoint(collector.url, { 'simvue.run.name': name, 'simvue.run.id': name.padEnd(22, '0') }, 'loss', 0, 1);
}

const showsRun = (page: Page, name: string) => page.getByTestId('run-row').filter({ hasText: name }).waitFor();

test('tabs of one browser share one stream, which survives the tab that opened it', async ({ openPage, collector }) => {
  const unused = await openPage();
  const context = unused.context();
  await unused.close();
  const leader = await openRuns(collector, context);
  const second = await openRuns(collector, context);
  const third = await openRuns(collector, context);
  expect(await readers(collector)).toBe(1);
  await addRun(collector, 'for-all');
  await Promise.all([leader, second, third].map((page) => showsRun(page, 'for-all')));

  await leader.close();
  await addRun(collector, 'after-the-leader');
  await Promise.all([second, third].map((page) => showsRun(page, 'after-the-leader')));
  expect(await readers(collector)).toBe(1);
  await context.close();
  await eventually(
    () => readers(collector),
    (count) => count === 0,
  );
});

test('a collector that stops and comes back is shown in every tab, and nothing needs a reload', async ({
  openPage,
  collector,
}) => {
  const first = await openPage('light', AWAY);
  await first.goto(`${collector.url}/runs`);
  await isLive(first);
  const second = await openRuns(collector, first.context());
  await collector.stop();
  for (const page of [first, second]) {
    await page.getByTestId('offline-banner').waitFor();
    await page.getByTestId('connection').filter({ hasText: 'Offline' }).waitFor();
    // The rows stay: what was read is still true of that time.
    expect(await page.getByTestId('run-row').count()).toBeGreaterThan(0);
  }
  // Its seconds are seen, and not said again and again to who listens.
  const banner = first.getByTestId('offline-banner');
  const [seen, said] = [await banner.textContent(), await banner.ariaSnapshot()];
  expect(seen).toMatch(/Not connected to the collector for \d/);
  await expect.poll(() => banner.textContent()).not.toBe(seen);
  expect(await banner.ariaSnapshot()).toBe(said);
  await collector.restart();
  await addRun(collector, 'after-the-restart');
  for (const page of [first, second]) {
    await isLive(page);
    await page.getByTestId('offline-banner').waitFor({ state: 'detached' });
    await showsRun(page, 'after-the-restart');
  }
  expect(await readers(collector)).toBe(1);
});

test('where tabs cannot share, as with Chrome on Android, each has a stream, which outlives a stop of the collector', async ({
  openPage,
  collector,
}) => {
  const first = await openPage('light', AWAY);
  await first.context().addInitScript('delete globalThis.SharedWorker');
  await first.goto(`${collector.url}/runs`);
  await isLive(first);
  const second = await openRuns(collector, first.context());
  expect(await readers(collector)).toBe(2);
  await addRun(collector, 'told-apart');
  await Promise.all([first, second].map((page) => showsRun(page, 'told-apart')));
  await collector.stop();
  await first.getByTestId('offline-banner').waitFor();
  await collector.restart();
  await addRun(collector, 'told-apart-again');
  await Promise.all([first, second].map((page) => showsRun(page, 'told-apart-again')));
  await second.close();
  await eventually(
    () => readers(collector),
    (count) => count === 1,
  );
});

test('a page that could not be loaded while the collector was away comes when it is back', async ({
  openPage,
  collector,
}) => {
  const page = await openPage('light', AWAY);
  await page.goto(`${collector.url}/runs`);
  await isLive(page);
  await collector.stop();
  await page.getByTestId('offline-banner').waitFor();
  await page.getByTestId('nav-storage').click();
  await page.getByText('This part of the page could not be loaded.').waitFor();
  await page.getByTestId('connection').filter({ hasText: 'Offline' }).waitFor();
  await collector.restart();
  await page.getByTestId('storage-lede').waitFor();
  await isLive(page);
});

test('a run that is looked at stays on the page while the collector is away, and goes on afterwards', async ({
  openPage,
  collector,
}) => {
  const page = await openPage('light', AWAY);
  await addRun(collector, 'watched');
  await page.goto(`${collector.url}/runs/${'watched'.padEnd(22, '0')}?tab=metrics`);
  const plot = page.getByTestId('metric-card').locator('.plot');
  await plot.and(page.locator('[data-points="1"]')).waitFor();
  await collector.stop();
  await page.getByTestId('offline-banner').waitFor();
  await plot.locator('canvas').waitFor();
  await collector.restart();
  await postPoint(collector.url, { 'simvue.run.id': 'watched'.padEnd(22, '0') }, 'loss', 1, 0.5);
  await plot.and(page.locator('[data-points="2"]')).waitFor();
  await isLive(page);
});
