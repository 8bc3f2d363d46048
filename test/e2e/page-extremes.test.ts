import { expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';

const LONG = `${'0123456789'.repeat(6000)}END`;
const METRIC = 'm'.repeat(200);
const FOLDER = '/odd/שלום';
const test = pageTest.extend('odd', { scope: 'file' }, ({ collector }) => fill(collector));

async function fill(collector: TestCollector): Promise<string> {
  const tags = Array.from({ length: 500 }, (_, index) => `tag-${index}`);
  const metadata = {
    long: LONG,
    lines: Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n'),
    short: 'v',
  };
  const run = { name: 'x'.repeat(255), folder: FOLDER, status: 'running', tags, metadata };
  const { id } = (await collector.ask('POST', '/runs', run)).json;
  const timestamp = new Date().toISOString().replace('Z', '000');
  await collector.post('/metrics', { run: id, metrics: [{ timestamp, time: 0, step: 0, values: { [METRIC]: 1 } }] });
  const stack = Array.from({ length: 30 }, (_, line) => `  at frame ${line}`).join('\n');
  const messages = [`Error: whole\n${stack}`, `long ${LONG}`];
  await collector.post('/events', { run: id, events: messages.map((message) => ({ message, timestamp })) });
  return id;
}

test('a long value of metadata is folded, shown whole when asked, and copied whole', async ({
  openPage,
  collector,
  odd,
}) => {
  const page = await openPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${collector.url}/runs/${odd}?tab=metadata`);
  const row = page.getByTestId('metadata-row').filter({ hasText: 'long' });
  await row.getByTestId('fold').filter({ hasText: 'Show all 60 003 characters' }).waitFor();
  expect(await row.textContent()).not.toContain('END');
  await row.getByTestId('copy').click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(LONG);
  await row.getByTestId('fold').press('Enter');
  await row.filter({ hasText: 'END' }).waitFor();
  await row.getByTestId('fold').filter({ hasText: 'Show less' }).press('Enter');
  await expect.poll(() => row.textContent()).not.toContain('END');
  const lines = page.getByTestId('metadata-row').filter({ hasText: 'lines' });
  expect(await lines.textContent()).toContain('line 7');
  expect(await lines.textContent()).not.toContain('line 8');
  expect(await page.getByTestId('metadata-row').filter({ hasText: 'short' }).getByTestId('fold').count()).toBe(0);
});

test('where a page may not copy, the button says so', async ({ openPage, collector, odd }) => {
  const page = await openPage();
  await page.addInitScript('Object.defineProperty(navigator, "clipboard", { value: undefined })');
  await page.goto(`${collector.url}/runs/${odd}?tab=metadata`);
  await page.getByRole('button', { name: 'Copy short' }).click();
  await page.getByRole('button', { name: 'This page may not copy' }).waitFor();
  await page.getByRole('button', { name: 'Copy the link to this view' }).click();
  await page.getByRole('button', { name: 'Copy it from the address bar' }).waitFor();
});

test('a long message is folded, a stack of calls is not', async ({ openPage, collector, odd }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${odd}?tab=events`);
  await page.getByTestId('event-row').filter({ hasText: 'at frame 29' }).waitFor();
  const long = page.getByTestId('event-row').filter({ hasText: 'long' });
  expect(await long.textContent()).not.toContain('END');
  await long.getByTestId('fold').click();
  await long.filter({ hasText: 'END' }).waitFor();
});

test('of hundreds of tags some are shown, and all when asked', async ({ openPage, collector, odd }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${odd}`);
  await page.getByTestId('all-tags').filter({ hasText: 'Show all 500' }).click();
  await page.locator('.mini .tag').filter({ hasText: 'tag-499' }).waitFor();
});

test.for([1440, 390])(
  'no name is so long that it goes beyond its place, on a screen of %s pixels',
  async (width, { openPage, collector, odd }) => {
    const page = await openPage();
    await page.setViewportSize({ width, height: 800 });
    for (const path of [
      '/home',
      '/runs',
      `/runs/${odd}`,
      `/runs/${odd}?tab=metrics`,
      '/folders',
      `/compare?run=${odd}`,
    ]) {
      await page.goto(collector.url + path);
      await page
        .getByText(/x{20}|שלום|m{20}/)
        .filter({ visible: true })
        .first()
        .waitFor();
      const beyond = await page.evaluate(`(() => {
      const clips = (element) => { for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).overflowX !== 'visible') return at; return document.documentElement; };
      return [...document.querySelectorAll('main *')].filter((one) => one.childElementCount === 0 && one.getBoundingClientRect().width > 0 && /x{20}|m{20}/.test(one.textContent)).map((one) => {
        const panel = one.closest('.panel, td, th, .rh, .topbar, .mgrid, .tw, main');
        const [inner, outer, clip] = [one, panel, clips(one)].map((place) => place.getBoundingClientRect());
        return Math.min(inner.right, clip.right) > outer.right + 1 || Math.max(inner.left, clip.left) < outer.left - 1 ? path(one) : '';
      }).filter(Boolean);
      function path(one) { return one.parentElement.outerHTML.slice(0, 80); }
    })()`);
      expect(beyond, path).toEqual([]);
    }
  },
);

test('a folder in Hebrew begins with its slash', async ({ openPage, collector, odd }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${odd}`);
  const folder = page.locator('.crumb a').filter({ hasText: 'שלום' });
  await folder.waitFor();
  const [slash, letter] = (await folder.evaluate(`(() => {
    const text = [...document.querySelectorAll('.crumb a')].at(-1).firstChild;
    return [0, 1].map((at) => { const range = document.createRange(); range.setStart(text, at); range.setEnd(text, at + 1); return range.getBoundingClientRect().left; });
  })()`)) as [number, number];
  expect(slash).toBeLessThan(letter);
});
