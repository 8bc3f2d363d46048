import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { postPoint } from '../support/otlp-json.ts';
import { eventually } from '../support/rest-reader.ts';

let browser: Browser;
let collector: CollectorProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  collector = await CollectorProcess.start();
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

/** Live streams that are open, as the collector counts them. */
async function readers(): Promise<number> {
  const text = await (await fetch(`${collector.url}/metrics`)).text();
  return Number(/^simvue_\w*live_readers (\d+)$/m.exec(text)?.[1]);
}

async function openRuns(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${collector.url}/runs`);
  await isLive(page);
  return page;
}

const isLive = (page: Page) => page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();

async function addRun(name: string): Promise<void> {
  await postPoint(collector.url, { 'simvue.run.name': name, 'simvue.run.id': name.padEnd(22, '0') }, 'loss', 0, 1);
}

const showsRun = (page: Page, name: string) => page.getByTestId('run-row').filter({ hasText: name }).waitFor();

test('tabs of one browser share one stream, which survives the tab that opened it', async () => {
  const { context, page: unused } = await openPage(browser, 'light');
  await unused.close();
  const leader = await openRuns(context);
  const second = await openRuns(context);
  const third = await openRuns(context);
  expect(await readers()).toBe(1);
  await addRun('for-all');
  await Promise.all([leader, second, third].map((page) => showsRun(page, 'for-all')));

  await leader.close();
  await addRun('after-the-leader');
  await Promise.all([second, third].map((page) => showsRun(page, 'after-the-leader')));
  expect(await readers()).toBe(1);
  await context.close();
  await eventually(readers, (count) => count === 0);
});

test('a collector that stops and comes back is shown in every tab, and nothing needs a reload', async () => {
  const { context, page: first, complaints } = await openPage(browser, 'light');
  await first.goto(`${collector.url}/runs`);
  await isLive(first);
  const second = await openRuns(context);
  expect(complaints).toEqual([]);
  await collector.stop();
  for (const page of [first, second]) {
    await page.getByTestId('offline-banner').waitFor();
    await page.getByTestId('connection').filter({ hasText: 'Offline' }).waitFor();
    // The rows stay: what was read is still true of that time.
    expect(await page.getByTestId('run-row').count()).toBeGreaterThan(0);
  }
  await collector.restart();
  await addRun('after-the-restart');
  for (const page of [first, second]) {
    await isLive(page);
    await page.getByTestId('offline-banner').waitFor({ state: 'detached' });
    await showsRun(page, 'after-the-restart');
  }
  expect(await readers()).toBe(1);
  await context.close();
});

test('a page that could not be loaded while the collector was away comes when it is back', async () => {
  const { context, page } = await openPage(browser, 'light');
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
  await context.close();
});

test('a run that is looked at stays on the page while the collector is away, and goes on afterwards', async () => {
  const { context, page } = await openPage(browser, 'light');
  await addRun('watched');
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
  await context.close();
});
