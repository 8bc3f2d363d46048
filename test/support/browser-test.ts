import type { Browser, Page } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { launchBrowser, openPage as open, type Theme } from './browser.ts';
import { TestCollector } from './collector-app.ts';

/** Opens a page; what it complains about fails the test, but for what matches. */
type OpenPage = (theme?: Theme, ignored?: RegExp, timezoneId?: string) => Promise<Page>;

/** Tests in a browser that a file shares; pages that `openPage` opened are closed after their test, and must have had nothing to complain about. */
const browserTest = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads in the pattern what a fixture needs
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }): Promise<Browser> => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('openPage', ({ browser }, { onCleanup }): OpenPage => {
    const left: (() => Promise<void>)[] = [];
    onCleanup(async () => {
      for (const leave of left) await leave();
    });
    return async (theme = 'light', ignored, timezoneId) => {
      const { page, complaints } = await open(browser, theme, timezoneId);
      left.push(async () => {
        const heard = complaints.filter((text) => !ignored?.test(text));
        await page.context().close();
        expect(heard, 'what the page complained about').toEqual([]);
      });
      return page;
    };
  });

/** Tests of the pages of the collector that their file starts. */
export const pagesOf = <Collector extends AsyncDisposable>(start: () => Promise<Collector>) =>
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads in the pattern what a fixture needs
  browserTest.extend('collector', { scope: 'file' }, async ({}, { onCleanup }) => {
    const collector = await start();
    onCleanup(() => collector[Symbol.asyncDispose]());
    return collector;
  });

/** Tests of the pages of a collector in the process of the tests. */
export const pageTest = pagesOf(() => TestCollector.start());
