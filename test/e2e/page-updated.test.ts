import { expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';

const test = pageTest;

/** What a browser says of a file that is not there. */
const GONE = /404|Failed to fetch|Importing a module/;

test('a part that an update of the collector took away is loaded by its new name, with the page', async ({
  openPage,
  collector,
}) => {
  const page = await openPage('light', GONE);
  await page.goto(`${collector.url}/runs`);
  await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
  let isOld = true;
  await page.route(/\/assets\/Storage-.*\.js$/, (route) => (isOld ? route.fulfill({ status: 404 }) : route.continue()));
  const reloaded = page.waitForEvent('domcontentloaded');
  page.once('framenavigated', () => page.once('framenavigated', () => (isOld = false)));
  await page.getByTestId('nav-storage').click();
  await reloaded;
  await page.getByTestId('storage-lede').waitFor();
  expect(new URL(page.url()).pathname).toBe('/storage');
});

test('a part that cannot be loaded does not load the page again and again', async ({ openPage, collector }) => {
  const page = await openPage('light', GONE);
  await page.goto(`${collector.url}/runs`);
  await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
  await page.route(/\/assets\/Storage-.*\.js$/, (route) => route.fulfill({ status: 404 }));
  let loads = 0;
  page.on('load', () => loads++);
  await page.getByTestId('nav-storage').click();
  await expect.poll(() => loads).toBe(1);
  await page.getByText('Reloading the page may help.').waitFor();
  await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
  expect(loads).toBe(1);
});
