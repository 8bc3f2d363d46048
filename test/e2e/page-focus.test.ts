import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestCollector } from '../support/collector-app.ts';
import { fillEveryPage } from '../support/page-filling.ts';
import type { ShownRuns } from '../support/shown-page.ts';

let browser: Browser;
let collector: TestCollector;
let runs: ShownRuns;

beforeAll(async () => {
  browser = await launchBrowser();
  collector = await TestCollector.start();
  runs = await fillEveryPage(collector);
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.dataset.testid ?? document.activeElement.id');
const gone = (page: Page) => page.locator('dialog').waitFor({ state: 'detached' });

/** Opens the page on a slow machine, and the dialog with the keyboard. */
async function openDialog(path: string, opener: string, dialog: string) {
  const { page, context } = await openPage(browser, 'light');
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(collector.url + path);
  await page.getByTestId(opener).first().press('Enter');
  await page.getByTestId(dialog).waitFor();
  return { page, context };
}

const OPENERS = [
  ['palette-button', 'palette', '/tags'],
  ['new-run-button', 'new-run', '/runs'],
  ['new-alert', 'alert-new', '/alerts'],
  ['new-folder', 'folder-dialog', '/folders'],
  ['new-user', 'user-dialog', '/users'],
  ['new-tenant', 'tenant-dialog', '/tenants'],
  ['new-token-button', 'token-dialog', '/tokens'],
  ['edit-run', 'edit-dialog', ''],
  ['abort-run', 'abort-dialog', ''],
  ['delete-run', 'delete-dialog', ''],
] as const;

test.each(OPENERS)('Esc gives the focus back to %s', async (opener, dialog, path) => {
  const { page, context } = await openDialog(path || `/runs/${runs.first}`, opener, dialog);
  expect(await page.evaluate('document.activeElement.closest("dialog") !== null')).toBe(true);
  await page.keyboard.press('Escape');
  await gone(page);
  expect(await focused(page)).toBe(opener);
  await context.close();
});

test('a dialog begins at its first field', async () => {
  const { page, context } = await openDialog('/folders', 'new-folder', 'folder-dialog');
  expect(await focused(page)).toBe('folder-path');
  await context.close();
});

test('Cancel gives the focus back to what opened the dialog', async () => {
  const { page, context } = await openDialog('/folders', 'new-folder', 'folder-dialog');
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await gone(page);
  expect(await focused(page)).toBe('new-folder');
  await context.close();
});

test('what was saved gives the focus back, also when one dialog followed another', async () => {
  const { page, context } = await openDialog('/tokens', 'new-token-button', 'token-dialog');
  await page.getByTestId('token-dialog').getByRole('textbox').first().fill('laptop');
  await page.getByTestId('confirm').press('Enter');
  await page.getByTestId('token-made').waitFor();
  await page.keyboard.press('Escape');
  await gone(page);
  expect(await focused(page)).toBe('new-token-button');
  await context.close();
});

test('a dialog that a key opened leaves the focus in the content of the page', async () => {
  const { page, context } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.keyboard.press('?');
  await page.getByTestId('keys').waitFor();
  await page.keyboard.press('Escape');
  await gone(page);
  expect(await focused(page)).toBe('main');
  await context.close();
});

test('the focus goes to the content when the row that opened the dialog is gone with what it deleted', async () => {
  await collector.ask('POST', '/tags', { name: 'aa-short-lived', colour: '#123456' });
  const { page, context } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/tags`);
  const row = page.getByTestId('tag-row').filter({ hasText: 'aa-short-lived' });
  await row.getByRole('button', { name: /^Delete/ }).press('Enter');
  await page.getByTestId('tag-dialog').waitFor();
  await page.getByTestId('confirm').press('Enter');
  await row.waitFor({ state: 'detached' });
  await gone(page);
  expect(await focused(page)).toBe('main');
  await context.close();
});

test('the focus goes to the content when the page that opened the dialog is gone', async () => {
  const { page, context } = await openDialog(`/runs/${runs.second}`, 'delete-run', 'delete-dialog');
  await page.getByTestId('confirm').press('Enter');
  await page.getByTestId('run-row').first().waitFor();
  await gone(page);
  expect(await focused(page)).toBe('main');
  await page.getByTestId('undo').press('Enter');
  await context.close();
});
