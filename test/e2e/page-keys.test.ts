import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import { moveTo, press } from '../support/keyboard.ts';
import { fillEveryPage } from '../support/page-filling.ts';

const test = pageTest.extend('runs', { scope: 'file', auto: true }, ({ collector }) => fillEveryPage(collector));

const LISTS = [
  { name: 'folders', path: '/folders', row: 'folder-row' },
  { name: 'tags', path: '/tags', row: 'tag-row' },
  { name: 'alerts', path: '/alerts', row: 'rule-row' },
  { name: 'users', path: '/users', row: 'user-row' },
  { name: 'metadata of a run', path: '?tab=metadata', row: 'metadata-row' },
  { name: 'activity of a run', path: '?tab=activity', row: 'activity-row' },
] as const;

/** Text of the row that has the focus. */
const here = (page: Page, row: string): Promise<string | undefined> =>
  page.evaluate(`document.activeElement.closest('[data-testid="${row}"]')?.textContent`);

test.for(LISTS)(
  '$name: j and k go through the rows, and the focus is on each',
  async ({ path, row }, { openPage, collector, runs }) => {
    const page = await openPage();
    await page.goto(collector.url + (path.startsWith('?') ? `/runs/${runs.first}${path}` : path));
    await page.getByTestId(row).nth(1).waitFor();
    const [first, second] = await page.getByTestId(row).allTextContents();
    await page.keyboard.press('j');
    expect(await here(page, row)).toBe(first);
    await page.keyboard.press('j');
    expect(await here(page, row)).toBe(second);
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    expect(await here(page, row)).toBe(first);
  },
);

test('what needs a look and what runs on Home are gone through and opened without a mouse', async ({
  openPage,
  collector,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/home`);
  await page.getByTestId('home-newest').waitFor();
  await page.keyboard.press('j');
  expect(await here(page, 'concern')).toContain('diverges');
  await page.keyboard.press('Enter');
  await page.getByTestId('alert-row').first().waitFor();
});

test('a row is found by typing: / to the field, Enter to what was found, Enter once more opens it', async ({
  openPage,
  collector,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('sweep');
  await expect.poll(() => page.getByTestId('tag-row').count()).toBe(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByTestId('filter-chip').filter({ hasText: 'sweep-B' }).waitFor();
});

test('Enter in the palette waits for the answer: what stood there before is not opened', async ({
  openPage,
  collector,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/folders`);
  await page.getByTestId('folder-row').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-run').first().waitFor();
  let answer = () => {};
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/api\/runs\?.*tags/, async (route) => {
    await asked;
    await route.continue();
  });
  await page.keyboard.type('open tags');
  await page.getByTestId('palette-command').filter({ hasText: 'Open tags' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('palette').waitFor();
  answer();
  await page.getByTestId('tag-row').first().waitFor();
  expect(new URL(page.url()).pathname).toBe('/tags');
});

test('the palette of a run plots a metric, shows a tab, and stars, edits and deletes the run', async ({
  openPage,
  collector,
  runs,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${runs.second}`);
  await page.getByTestId('facts').waitFor();
  const command = async (text: string, label: string) => {
    // A dialog that closes is told of that a moment later.
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').fill(text);
    await page.getByTestId('palette-command').filter({ hasText: label }).waitFor();
    await expect.poll(() => page.getByTestId('palette-run').count()).toBe(0);
    await page.keyboard.press('Enter');
  };
  // Metrics are many: none is listed before something is typed.
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-command').filter({ hasText: 'Edit this run' }).waitFor();
  expect(await page.getByTestId('palette-command').filter({ hasText: 'Plot ' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await command('plot loss', 'Plot loss');
  await page.locator('canvas').first().waitFor();
  expect(new URL(page.url()).searchParams.getAll('metric')).toEqual(['loss']);
  await command('show events', 'Show events of this run');
  await page.getByTestId('event-row').first().waitFor();
  await command('star this', 'Star this run');
  await expect.poll(async () => (await collector.ask('GET', `/runs/${runs.second}`)).json.starred).toBe(true);
  await command('edit this', 'Edit this run');
  await page.getByRole('dialog').filter({ hasText: 'Edit' }).waitFor();
  await page.keyboard.press('Escape');
  await command('delete this', 'Delete this run');
  await page.getByTestId('delete-dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('event-row').first().waitFor();
});

test('a dialog whose part was still on its way gives the focus back to what asked for it, not to what had it when it came', async ({
  openPage,
  collector,
}) => {
  const page = await openPage();
  let arrive = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route('**/RunsDialog*.js', async (route) => {
    await arrival;
    await route.continue();
  });
  await page.goto(`${collector.url}/runs`);
  const rows = page.getByTestId('run-row');
  const ticked = () => page.getByTestId('tick').and(page.locator(':checked')).count();
  await rows.first().waitFor();
  const count = await rows.count();
  await press(page, 'j', 'x');
  const ask = page.getByTestId('bulk-delete');
  await ask.focus();
  await press(page, 'Enter');
  // Who is quick goes on to the pager, whose field takes letters.
  const field = page.getByLabel('Rows per page');
  await moveTo(page, field);
  arrive();
  const dialog = page.getByTestId('runs-dialog');
  await dialog.waitFor();
  await press(page, 'Escape');
  await dialog.waitFor({ state: 'detached' });
  await ask.and(page.locator(':focus')).waitFor();

  await press(page, 'Enter');
  await moveTo(page, page.getByTestId('confirm'));
  await press(page, 'Enter');
  await page.getByTestId('undo-toast').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await press(page, 'Control+z');
  await expect.poll(() => rows.count()).toBe(count);
  await press(page, 'j', 'x');
  await expect.poll(ticked).toBe(1);
});
