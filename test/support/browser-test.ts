import type { Browser, Page } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { launchBrowser, openPage, type Theme } from './browser.ts';
import { TestCollector } from './collector-app.ts';

/** Opens a page; what it complains about fails the test, but for what matches. */
type OpenPage = (theme?: Theme, ignored?: RegExp) => Promise<Page>;

/** Tests in a browser that a file shares; pages that `open` opened are closed after their test, and must have had nothing to complain about. */
export const browserTest = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads in the pattern what a fixture needs
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }): Promise<Browser> => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('open', ({ browser }, { onCleanup }): OpenPage => {
    const left: (() => Promise<void>)[] = [];
    onCleanup(async () => {
      for (const leave of left) await leave();
    });
    return async (theme = 'light', ignored) => {
      const { page, complaints } = await openPage(browser, theme);
      left.push(async () => {
        const heard = complaints.filter((text) => !ignored?.test(text));
        await page.context().close();
        expect(heard, 'what the page complained about').toEqual([]);
      });
      return page;
    };
  });

/** Tests of the pages of a collector that a file shares. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads in the pattern what a fixture needs
export const pageTest = browserTest.extend('collector', { scope: 'file' }, async ({}, { onCleanup }) => {
  const collector = await TestCollector.start();
  onCleanup(() => collector[Symbol.asyncDispose]());
  return collector;
});
