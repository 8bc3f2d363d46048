import { describe, expect } from 'vitest';
import { saveArtifact } from '../support/artifact-client.ts';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { fillEveryPage } from '../support/page-filling.ts';
import { PAGES } from '../support/page-list.ts';

const PHONE = { width: 390, height: 844 };
const test = pageTest.extend('runs', { scope: 'file' }, ({ collector }) => fillEveryPage(collector));
const PLACES = PAGES.filter(({ kind, isOnPhone }) => kind === 'page' && isOnPhone !== false);
/** Lists, by their page and the test id of a row. */
const LISTS = [
  ['folders', 'folder-row'],
  ['tags', 'tag-row'],
  ['alerts', 'rule-row'],
  ['tokens', 'token-row'],
  ['users', 'user-row'],
  ['tenants', 'tenant-row'],
] as const;

describe('on a phone', () => {
  test.for(PLACES)('axe finds nothing serious on $name', async ({ path, ready }, { openPage, collector, runs }) => {
    const page = await openPage('light');
    await page.setViewportSize(PHONE);
    await page.goto(collector.url + path(runs));
    await ready(page);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test.for(LISTS)(
    'a row of %s is an item whose values say what they are, and nothing is beside the screen',
    async ([list, testid], { openPage, collector, runs: _ }) => {
      const page = await openPage('dark');
      await page.setViewportSize(PHONE);
      await page.goto(`${collector.url}/${list}`);
      const row = page.getByTestId(testid).first();
      await row.waitFor();
      const cells = await row.locator('td').evaluateAll((all) =>
        all.map((cell) => {
          const { left, right, width } = cell.getBoundingClientRect();
          return { left, right, isShown: width > 0, head: cell.getAttribute('data-head') };
        }),
      );
      const shown = cells.filter(({ isShown }) => isShown);
      expect(shown.length).toBeGreaterThan(2);
      for (const { left, right } of shown) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(PHONE.width);
      }
      expect(shown[1]?.head).toMatch(/[A-Z]/);
    },
  );

  test.for([
    [390, 844],
    [320, 640],
    [844, 390],
  ] as const)('a plot is seen whole by a touch, at %i x %i', async ([width, height], { browser, collector, runs }) => {
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await page.goto(`${collector.url}/runs/${runs.first}?tab=metrics`);
    const card = page.locator('[data-testid=metric-card][data-metric=loss]');
    await card.waitFor();
    await card.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await card.locator('canvas').waitFor();
    const box = await card.boundingBox();
    const edge = height - (width > 760 ? 0 : 56);
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? edge)).toBeLessThanOrEqual(edge);
    await card.locator('.u-over').tap();
    await card.getByTestId('legend').filter({ hasNotText: 'last' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await context.close();
  });

  test.for([
    [844, 390],
    [900, 700],
    [1180, 800],
    [390, 844],
  ] as const)(
    'the tools of an artifact are on the screen, and its content has room, at %i x %i',
    async ([width, height], { openPage, collector, runs }) => {
      const content = { name: 'system/solver-settings-of-the-coarse-mesh.json', mime_type: 'application/json' };
      const run = { id: runs.first, category: 'input' };
      const { id } = await saveArtifact(collector, Buffer.from('{"a":1}'), content, run);
      const page = await openPage('dark');
      await page.setViewportSize({ width, height });
      await page.goto(`${collector.url}/runs/${runs.first}?tab=artifacts&artifact=${id}`);
      const viewer = page.getByTestId('artifact-viewer');
      await viewer.getByText('Copy').waitFor();
      for (const tool of await viewer.locator('.vh :is(button, a, b)').all()) {
        const box = await tool.boundingBox();
        expect(box?.x).toBeGreaterThanOrEqual(0);
        expect((box?.x ?? 0) + (box?.width ?? width)).toBeLessThanOrEqual(width);
      }
      expect(await viewer.locator('.vh').evaluate((head) => head.scrollWidth - head.clientWidth)).toBe(0);
      await viewer.evaluate((element) => element.scrollIntoView({ block: 'end' }));
      const room = viewer.getByRole('region', { name: 'Content of' });
      expect((await room.boundingBox())?.height).toBeGreaterThanOrEqual(width > 760 ? 150 : 20);
    },
  );

  test('an alert of a run is opened wherever its item is touched', async ({ browser, collector, runs }) => {
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await page.goto(`${collector.url}/runs/${runs.first}?tab=alerts`);
    await page.getByTestId('alert-row').first().tap();
    await page.locator('.alt tr.ax').waitFor();
    await page.getByTestId('alert-row').first().tap();
    await page.locator('.alt tr.ax').waitFor({ state: 'detached' });
    await context.close();
  });

  test('a run of the list has its curve without a column for it', async ({ openPage, collector, runs: _ }) => {
    const page = await openPage('light');
    await page.setViewportSize(PHONE);
    await page.goto(`${collector.url}/runs?filter=name+contains+pitz`);
    const row = page.getByTestId('run-row').filter({ hasText: 'pitz-00' });
    await row.locator('.sparkc').waitFor();
  });
});

test('a folder is opened with all that is below it, and says how many runs that are', async ({
  openPage,
  collector,
  runs: _,
}) => {
  const page = await openPage('light');
  await page.goto(`${collector.url}/folders`);
  const row = page.getByTestId('folder-row').filter({ has: page.getByRole('link', { name: '/cfd', exact: true }) });
  expect(await row.locator('td').nth(1).textContent()).toBe('6');
  await row.getByRole('link', { name: '/cfd', exact: true }).click();
  expect(await page.getByTestId('filter-chip').textContent()).toMatch(/folder\s*under\s*\/cfd/);
  await expect.poll(() => page.getByTestId('run-row').count()).toBe(6);
});

test('the filter bar names what it can filter by before anything is typed', async ({
  openPage,
  collector,
  runs: _,
}) => {
  const page = await openPage('light');
  await page.goto(`${collector.url}/runs`);
  await page.getByTestId('run-row').first().waitFor();
  await page.keyboard.press('/');
  const options = page.getByRole('option');
  await options.first().waitFor();
  const texts = (await options.allInnerTexts()).map((text) => text.trim());
  for (const key of [
    'name',
    'status',
    'created',
    'description',
    'folder',
    'tag',
    'metadata.',
    'system.',
    'alert',
    'starred',
    'user',
  ])
    expect(texts).toContain(key);
});
