import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveArtifact } from '../support/artifact-client.ts';
import { seriousFindings } from '../support/axe.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestCollector } from '../support/collector-app.ts';
import { startGuarded } from '../support/guarded-collector.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');
const TABS = ['overview', 'metrics', 'resources', 'events', 'alerts', 'artifacts', 'metadata'] as const;
let browser: Browser;
let collector: TestCollector;
let first: string;
let second: string;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchBrowser();
  collector = await TestCollector.start();
  const { runs } = await fillPages(collector, 6);
  first = runs.get('pitz-00') ?? '';
  second = runs.get('pitz-04') ?? '';
  await saveArtifact(collector, Buffer.from('a = 1\n'), { name: 'a.py' }, { id: first, category: 'code' });
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

/** Something that only this tab shows. */
const IN_TAB: Record<(typeof TABS)[number], string> = {
  overview: '[data-testid=facts]',
  metrics: 'canvas',
  resources: '.message',
  events: '[data-testid=event-row]',
  alerts: '[data-testid=alert-row]',
  artifacts: '[data-testid=text-view]',
  metadata: '[data-testid=metadata-row]',
};
const tabShown = (page: Page, tab: (typeof TABS)[number]) => page.locator(IN_TAB[tab]).first().waitFor();

/** A page by name, how to get to it, and what to wait for. */
const PAGES: readonly (readonly [string, () => string, (page: Page) => Promise<unknown>])[] = [
  ['runs', () => '/runs?filter=name+contains+pitz', (page) => page.getByTestId('run-row').first().waitFor()],
  ['an empty result', () => '/runs?filter=name+contains+nothing', (page) => page.getByTestId('empty-result').waitFor()],
  ['home', () => '/home', (page) => page.getByTestId('home-newest').waitFor()],
  ['folders', () => '/folders', (page) => page.getByTestId('folder-row').first().waitFor()],
  ['tags', () => '/tags', (page) => page.getByTestId('tag-row').first().waitFor()],
  ['alerts', () => '/alerts', (page) => page.getByTestId('rule-row').first().waitFor()],
  ['tokens', () => '/tokens', (page) => page.getByTestId('token-row').first().waitFor()],
  ['compare', () => `/compare?run=${first}&run=${second}`, (page) => page.locator('canvas').first().waitFor()],
  ...TABS.map((tab) => [`run ${tab}`, () => `/runs/${first}?tab=${tab}`, (page: Page) => tabShown(page, tab)] as const),
  [
    'palette',
    () => '/tags',
    async (page) => {
      await page.getByTestId('palette-button').click();
      await page.getByTestId('palette-run').first().waitFor();
    },
  ],
  [
    'a dialog',
    () => '/runs',
    async (page) => {
      await page.getByTestId('new-run-button').click();
      await page.getByTestId('new-run').waitFor();
    },
  ],
  [
    'a selection',
    () => '/runs',
    async (page) => {
      await page.getByTestId('run-row').first().waitFor();
      await page.getByTestId('tick-all').check();
      await page.getByTestId('columns-button').click();
      await page.getByTestId('bulk-bar').waitFor();
    },
  ],
];

test('axe sees what is wrong', async () => {
  const { page, context } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.evaluate('document.querySelector("main").append(document.createElement("button"))');
  expect(await seriousFindings(page)).toEqual([expect.stringMatching(/^button-name: /)]);
  await context.close();
});

describe.each(['light', 'dark'] as const)('axe finds nothing serious (%s)', (theme) => {
  test.each(PAGES)('on %s', async (_name, path, ready) => {
    const { page, context } = await openPage(browser, theme);
    await page.goto(collector.url + path());
    await ready(page);
    expect(await seriousFindings(page)).toEqual([]);
    await context.close();
  });

  test('on the sign-in page', async () => {
    const { collector: guarded } = await startGuarded({ ann: { username: 'ann', scopes: ['read'] } });
    await using _closed = guarded;
    const { page, context } = await openPage(browser, theme);
    await page.goto(guarded.url);
    await page.getByTestId('sign-in').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await context.close();
  });
});

test.each([
  ['/home', 'home-newest'],
  ['/runs', 'run-row'],
  ['/tags', 'tag-row'],
  ['/alerts', 'rule-row'],
  ['/compare', 'compare-row'],
])('%s fits a phone without scrolling sideways', async (path, shown) => {
  const { page, context } = await openPage(browser, 'light');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${collector.url}${path}${path === '/compare' ? `?run=${first}&run=${second}` : ''}`);
  await page.getByTestId(shown).first().waitFor();
  await page.screenshot({ path: `${pictures}/phone-${path.slice(1)}.png` });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(390);
  await context.close();
});

test.each(TABS)('the tab %s of a run fits a phone', async (tab) => {
  const { page, context } = await openPage(browser, 'light');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${collector.url}/runs/${first}?tab=${tab}`);
  await tabShown(page, tab);
  await page.screenshot({ path: `${pictures}/phone-run-${tab}.png` });
  expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(390);
  await context.close();
});
