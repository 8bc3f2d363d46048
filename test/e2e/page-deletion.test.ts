import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';

const MANY = 1500;
const AT_ONCE = 25;
const test = pageTest;

async function addRuns(collector: TestCollector, folder: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const run = { name: folder.slice(1), folder, status: 'running' };
    const made = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, () =>
      collector.ask('POST', '/runs', run),
    );
    for (const { json } of await Promise.all(made)) ids.push(json.id);
  }
  return ids;
}
const left = async (collector: TestCollector, folder: string): Promise<number> => {
  const filters = encodeURIComponent(JSON.stringify([`folder.path == ${folder}`]));
  return (await collector.ask('GET', `/runs?count=1&filters=${filters}`)).json.count;
};

/** Deletes every run of a folder on the page; nothing is asked of the collector for ten seconds. */
async function deleteAll(page: Page, collector: TestCollector, folder: string): Promise<void> {
  await page.goto(`${collector.url}/runs?filter=folder.path+%3D%3D+${folder}`);
  await page.getByTestId('run-row').first().waitFor();
  await page.getByTestId('tick-all').check();
  const all = page.getByTestId('select-all');
  if (await all.isVisible()) {
    await all.click();
    await all.waitFor({ state: 'detached' });
  }
  await page.getByTestId('bulk-delete').click();
  await page.getByTestId('confirm').click();
  await page.getByTestId('undo-toast').waitFor();
}

test('a tab that is closed before the ten seconds are over has deleted what it said, however much that is', async ({
  openPage,
  collector,
}) => {
  await addRuns(collector, '/closed', MANY);
  const page = await openPage();
  await deleteAll(page, collector, '/closed');
  expect(await left(collector, '/closed')).toBe(MANY);
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => left(collector, '/closed'), { timeout: 60_000 }).toBe(0);
});

test('what was deleted is on no page any more, and is back on each when it is taken back', async ({
  openPage,
  collector,
}) => {
  await addRuns(collector, '/taken-back', 2);
  const page = await openPage();
  await deleteAll(page, collector, '/taken-back');
  await page.getByTestId('nav-home').click();
  await page.getByTestId('lede').waitFor();
  const inLists = page.getByTestId('home-newest').getByText(/^taken-back$/);
  expect(await inLists.count()).toBe(0);
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('taken-back');
  await page.getByText('Nothing has this name.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('undo').click();
  await expect.poll(() => inLists.count()).toBe(2);
  expect(await left(collector, '/taken-back')).toBe(2);
});

test('what could not be deleted is said, and stands in the list again', async ({ openPage, collector }) => {
  await addRuns(collector, '/kept', 2);
  const page = await openPage('light', /ERR_|Failed to load/);
  await deleteAll(page, collector, '/kept');
  await page.route('**/api/runs?*', (route) =>
    route.request().method() === 'DELETE' ? route.abort() : route.continue(),
  );
  await page.getByRole('button', { name: 'Delete now' }).click();
  await page.getByTestId('undo-toast').filter({ hasText: 'Not deleted: the collector does not answer.' }).waitFor();
  await expect.poll(() => page.getByTestId('run-row').count()).toBe(2);
  expect(await left(collector, '/kept')).toBe(2);
});

test('a run that another deletes while nobody hears of it is not shown as if it were there', async ({
  openPage,
  collector,
}) => {
  const [id] = await addRuns(collector, '/elsewhere', 1);
  const page = await openPage('light', /404/);
  await page.goto(`${collector.url}/runs/${id}`);
  await page.getByTestId('facts').waitFor();
  // What is deleted while the stream is closed is not told.
  await page.route('**/api/runs/*', (route) => route.fulfill({ status: 404, json: { detail: 'run was deleted' } }));
  await page.getByTestId('star').click();
  await page.getByText('There is no such run: not found (404): run was deleted.').waitFor();
  await page.getByRole('button', { name: 'Open the runs' }).click();
  await page.getByTestId('run-row').first().waitFor();
});
