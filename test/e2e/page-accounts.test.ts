import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pagesOf } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';
import { startGuarded } from '../support/guarded-collector.ts';
import { fillEveryPage } from '../support/page-filling.ts';

const test = pagesOf(async () => {
  const collector = await TestCollector.start();
  await fillEveryPage(collector);
  return collector;
});

const row = (page: Page, testid: string, text: string) => page.getByTestId(testid).filter({ hasText: text });
const confirm = (page: Page) => page.getByTestId('confirm').click();

test('an admin makes a user, is told how the user gets in, disables and deletes them', async ({
  openPage,
  collector,
}) => {
  const page = await openPage('light', /409/);
  await page.goto(`${collector.url}/home`);
  await page.getByTestId('nav-accounts').click();
  await page.getByTestId('new-user').click();
  await page.getByTestId('user-name').fill('dora');
  await page.getByTestId('user-dialog').getByLabel('Tenant').selectOption('turbulence');
  await page.getByTestId('is_manager').check();
  await confirm(page);
  const made = page.getByTestId('user-made');
  await made.getByText('simvue-collector token create --user dora').waitFor();
  await made.getByRole('button', { name: 'Done' }).click();
  await row(page, 'user-row', 'dora').filter({ hasText: 'turbulence' }).filter({ hasText: 'manager' }).waitFor();

  await page.getByRole('button', { name: 'Edit dora' }).click();
  await page.getByTestId('is_enabled').uncheck();
  await confirm(page);
  await row(page, 'user-row', 'dora').filter({ hasText: 'disabled' }).waitFor();

  await page.getByRole('button', { name: 'Delete dora' }).click();
  await confirm(page);
  await row(page, 'user-row', 'dora').filter({ hasText: 'deleted' }).waitFor();

  await page.getByTestId('new-user').click();
  await page.getByTestId('user-name').fill('ann');
  await confirm(page);
  await page.getByTestId('user-dialog').getByText('user ann already exists').waitFor();
});

test('a tenant is made with limits, changed and deleted', async ({ openPage, collector }) => {
  const page = await openPage('dark');
  await page.goto(`${collector.url}/users`);
  await page.getByTestId('view-tenants').click();
  await page.getByTestId('new-tenant').click();
  await page.getByTestId('tenant-name').fill('combustion');
  await page.getByTestId('max_runs').fill('12000');
  await confirm(page);
  await row(page, 'tenant-row', 'combustion').filter({ hasText: '12\u202f000' }).waitFor();
  await page.getByRole('button', { name: 'Edit combustion' }).click();
  await page.getByTestId('max_runs').fill('0');
  await confirm(page);
  await row(page, 'tenant-row', 'combustion').filter({ hasNotText: '12\u202f000' }).waitFor();
  await page.getByRole('button', { name: 'Delete combustion' }).click();
  await confirm(page);
  await row(page, 'tenant-row', 'combustion').waitFor({ state: 'detached' });
});

test('storage says what is stored, which runs sent most, and where new artifacts go', async ({
  openPage,
  collector,
}) => {
  const page = await openPage('light', /409/);
  await page.goto(`${collector.url}/home`);
  await page.getByTestId('nav-storage').click();
  await page.getByTestId('storage-lede').filter({ hasText: 'are free on the disk' }).waitFor();
  expect(await page.getByTestId('space-part').count()).toBe(4);
  await page.getByTestId('retention').filter({ hasText: 'No run will be deleted' }).waitFor();
  await page.getByLabel('bucket takes new artifacts').check();
  await page.getByLabel('embedded takes new artifacts').and(page.locator(':not(:checked)')).waitFor();
  await page.getByRole('button', { name: 'Delete embedded' }).click();
  await confirm(page);
  await page.getByTestId('storage-dialog').getByText('is the data directory itself').waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('embedded takes new artifacts').check();
  await page.getByRole('button', { name: 'Delete bucket' }).click();
  await confirm(page);
  await row(page, 'storage-row', 'bucket').waitFor({ state: 'detached' });
  await page.getByTestId('largest-run').getByRole('link', { name: 'pitz-00' }).click();
  await page.getByTestId('facts').waitFor();
});

test('who is no admin sees neither users nor the disk', async ({ openPage }) => {
  const { collector: guarded, tokens } = await startGuarded({ bob: { username: 'bob', scopes: ['read'] } });
  await using _closed = guarded;
  const page = await openPage('light', /40[13]/);
  await page.goto(`${guarded.url}/storage`);
  await page.getByTestId('token').fill(tokens.bob);
  await page.keyboard.press('Enter');
  await page.getByText('How much is stored is for admins to see.').waitFor();
  await page.getByTestId('nav-accounts').filter({ hasText: 'Tokens' }).click();
  await page.getByTestId('token-row').first().waitFor();
  expect(await page.getByTestId('view-users').count()).toBe(0);
  await page.goto(`${guarded.url}/users`);
  await page.getByText('not allowed (403)').waitFor();
  await page.close();
});
