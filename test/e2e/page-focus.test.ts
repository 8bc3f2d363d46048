import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import { fillEveryPage } from '../support/page-filling.ts';

const test = pageTest.extend('runs', { scope: 'file', auto: true }, ({ collector }) => fillEveryPage(collector));

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.dataset.testid ?? document.activeElement.id');
const gone = (page: Page) => page.locator('dialog').waitFor({ state: 'detached' });

/** Opens the page on a slow machine, and the dialog with the keyboard. */
async function openDialog(page: Page, address: string, opener: string, dialog: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(address);
  await page.getByTestId(opener).first().press('Enter');
  await page.getByTestId(dialog).waitFor();
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

test.for(OPENERS)('Esc gives the focus back to %s', async ([opener, dialog, path], { openPage, collector }) => {
  const page = await openPage();
  const { id } = (await collector.ask('POST', '/runs', { name: opener, folder: '/', status: 'running' })).json;
  await openDialog(page, collector.url + (path || `/runs/${id}`), opener, dialog);
  expect(await page.evaluate('document.activeElement.closest("dialog") !== null')).toBe(true);
  await page.keyboard.press('Escape');
  await gone(page);
  expect(await focused(page)).toBe(opener);
});

test('a dialog begins at its first field', async ({ openPage, collector }) => {
  const page = await openPage();
  await openDialog(page, `${collector.url}/folders`, 'new-folder', 'folder-dialog');
  expect(await focused(page)).toBe('folder-path');
});

test('Cancel gives the focus back to what opened the dialog', async ({ openPage, collector }) => {
  const page = await openPage();
  await openDialog(page, `${collector.url}/folders`, 'new-folder', 'folder-dialog');
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await gone(page);
  expect(await focused(page)).toBe('new-folder');
});

test('what was saved gives the focus back, also when one dialog followed another', async ({ openPage, collector }) => {
  const page = await openPage();
  await openDialog(page, `${collector.url}/tokens`, 'new-token-button', 'token-dialog');
  await page.getByTestId('token-dialog').getByRole('textbox').first().fill('laptop');
  await page.getByTestId('confirm').press('Enter');
  await page.getByTestId('token-made').waitFor();
  await page.keyboard.press('Escape');
  await gone(page);
  expect(await focused(page)).toBe('new-token-button');
});

test('a dialog that a key opened leaves the focus in the content of the page', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.keyboard.press('?');
  await page.getByTestId('keys').waitFor();
  await page.keyboard.press('Escape');
  await gone(page);
  expect(await focused(page)).toBe('main');
});

test('the focus goes to the content when the row that opened the dialog is gone with what it deleted', async ({
  openPage,
  collector,
}) => {
  await collector.ask('POST', '/tags', { name: 'aa-short-lived', colour: '#123456' });
  const page = await openPage();
  await page.goto(`${collector.url}/tags`);
  const row = page.getByTestId('tag-row').filter({ hasText: 'aa-short-lived' });
  await row.getByRole('button', { name: /^Delete/ }).press('Enter');
  await page.getByTestId('tag-dialog').waitFor();
  await page.getByTestId('confirm').press('Enter');
  await row.waitFor({ state: 'detached' });
  await gone(page);
  expect(await focused(page)).toBe('main');
});

test('another page begins at its content, whatever led there', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  for (const place of ['folders', 'alerts', 'runs']) {
    await page.getByTestId(`nav-${place}`).press('Enter');
    await expect.poll(() => focused(page)).toBe('main');
  }
  await page.getByTestId('run-row').first().getByRole('link').press('Enter');
  await page.getByTestId('facts').waitFor();
  expect(await focused(page)).toBe('main');
  await page.getByTestId('tab-events').press('Enter');
  await page.getByTestId('event-search').waitFor();
  expect(await focused(page)).toBe('tab-events');
});

test('the focus goes to the content when the page that opened the dialog is gone', async ({
  openPage,
  collector,
  runs,
}) => {
  const page = await openPage();
  await openDialog(page, `${collector.url}/runs/${runs.second}`, 'delete-run', 'delete-dialog');
  await page.getByTestId('confirm').press('Enter');
  await page.getByTestId('run-row').first().waitFor();
  await gone(page);
  expect(await focused(page)).toBe('main');
  await page.getByTestId('undo').press('Enter');
});
