import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const RUNS = 24;
const pictures = inRepository('.cache/screenshots');

const test = pageTest.extend('data', { scope: 'file', auto: true }, ({ collector }) => fillPages(collector, RUNS));

const rowOf = (page: Page, name: string) => page.getByTestId('run-row').filter({ hasText: name });

const bottomOf = (box: { readonly y: number; readonly height: number } | null) => (box ? box.y + box.height : Infinity);

async function addFilter(page: Page, text: string): Promise<void> {
  await page.getByTestId('filter-input').fill(text);
  await page.getByTestId('filter-input').press('Enter');
}

describe('the list of runs', () => {
  test.for(['light', 'dark'] as const)(
    'filters, sorts and shows what was chosen (%s)',
    async (theme, { openPage, collector }) => {
      const page = await openPage(theme);
      await page.goto(collector.url);
      await rowOf(page, 'pitz-23').waitFor();
      await page.getByTestId('columns-button').click();
      for (const column of ['metadata.Re', 'metadata.solver', 'metric.loss'])
        await page.getByTestId(`column-${column}`).check();
      await page.screenshot({ path: `${pictures}/runs-columns-${theme}.png` });
      await page.keyboard.press('Escape');
      await page.getByTestId('sort-metadata.Re').click();
      await page.getByTestId('sort-metadata.Re').click();
      await expect.poll(() => page.getByTestId('run-row').first().textContent()).toContain('pitz-23');

      await addFilter(page, 'Re < 20000');
      await addFilter(page, 'tag LES');
      await expect.poll(() => page.getByTestId('run-count').textContent()).toContain('of 3');
      expect(await page.getByTestId('filter-chip').allTextContents()).toEqual(['metadata.Re<20000', 'tagisLES']);
      expect(await rowOf(page, 'pitz-04').textContent()).toContain('18000');
      await page.reload();
      await rowOf(page, 'pitz-04').waitFor();
      await page.screenshot({ path: `${pictures}/runs-filtered-${theme}.png` });
    },
  );

  test('says what is wrong with a filter, and keeps the former rows', async ({ openPage, collector }) => {
    const page = await openPage('light', /422/);
    await page.goto(collector.url);
    await rowOf(page, 'pitz-23').waitFor();
    await addFilter(page, 'status is not nonsense');
    await page.getByTestId('filter-problem').filter({ hasText: 'no such status: "nonsense"' }).waitFor();
    expect(await page.locator('.chip.bad').count()).toBe(1);
    expect(await rowOf(page, 'pitz-23').count()).toBe(1);
    // A link to it says the same, and does not look as if rows were on their way.
    await page.reload();
    await page.getByTestId('filter-problem').filter({ hasText: 'no such status: "nonsense"' }).waitFor();
    expect(await page.locator('.wait').count()).toBe(0);
  });

  test('takes several filters that are typed in one go, with the full key of each, and says that there is no or', async ({
    openPage,
    collector,
  }) => {
    const page = await openPage('light', /422/);
    await page.goto(collector.url);
    await rowOf(page, 'pitz-23').waitFor();
    await addFilter(page, 'Re < 20000 or status == failed');
    await page.getByTestId('filter-problem').filter({ hasText: 'there is no “or”' }).waitFor();
    expect(await page.getByTestId('filter-chip').count()).toBe(0);
    expect(await page.getByTestId('filter-input').inputValue()).toBe('Re < 20000 or status == failed');
    await addFilter(page, 'Re < 20000 && tag is LES and created < soon');
    const chips = () => page.getByTestId('filter-chip').allTextContents();
    expect(await chips()).toEqual(['metadata.Re<20000', 'tagisLES', 'createdwithinsoon']);
    await page.getByTestId('filter-problem').filter({ hasText: 'created < soon' }).waitFor();
    expect(await page.locator('.chip.bad').textContent()).toBe('createdwithinsoon');
    await page.getByTestId('filter-input').press('Backspace');
    await expect.poll(() => page.getByTestId('run-count').textContent()).toContain('of 3');
    await addFilter(page, 'residuals.p exists');
    expect((await chips()).at(-1)).toBe('metrics.residuals.pis set');
  });

  test('finds the runs with errors, and those with many events', async ({ openPage, collector, data }) => {
    const broken = { message: 'diverged', log_level: 'error', timestamp: '2026-01-31T12:00:01.000000' };
    await collector.post('/events', { run: data.runs.get('pitz-02'), events: [broken] });
    const page = await openPage();
    await page.goto(collector.url);
    await rowOf(page, 'pitz-23').waitFor();
    await page.getByTestId('filter-input').click();
    await page.getByRole('option', { name: 'has errors' }).click();
    await expect.poll(() => page.getByTestId('run-row').count()).toBe(1);
    await rowOf(page, 'pitz-02').waitFor();
    await addFilter(page, 'events 1');
    expect(await page.getByTestId('filter-chip').allTextContents()).toEqual(['haserrors', 'events>1']);
    await rowOf(page, 'pitz-02').waitFor();
    await addFilter(page, 'has warnings');
    await rowOf(page, 'pitz-02').waitFor({ state: 'detached' });
  });

  test('finds runs by the last value of a metric, typed with the keyboard, and follows it', async ({
    openPage,
    collector,
    data,
  }) => {
    const page = await openPage('light', /422/);
    await page.goto(`${collector.url}/runs?sort=name`);
    await rowOf(page, 'pitz-23').waitFor();
    const input = page.getByTestId('filter-input');
    const take = async (option: string) => {
      await page.getByRole('option', { name: option, exact: true }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    };
    await page.keyboard.press('/');
    await page.keyboard.type('uals.p');
    await take('metrics.residuals.p');
    await take('metrics.residuals.p <');
    expect(await input.inputValue()).toBe('metrics.residuals.p < ');
    await page.keyboard.type('0.0013');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('run-count').textContent()).toContain('of 2');
    expect(await page.getByTestId('filter-chip').allTextContents()).toEqual(['metrics.residuals.p<0.0013']);
    for (const name of ['pitz-00', 'pitz-01']) await rowOf(page, name).waitFor();
    await page.reload();
    await expect.poll(() => page.getByTestId('run-count').textContent()).toContain('of 2');

    const timestamp = new Date(Date.now() + 60_000).toISOString().replace('Z', '000');
    const point = { timestamp, values: { 'residuals.p': 1e-9 } };
    await collector.post('/metrics', { run: data.runs.get('pitz-03'), metrics: [point] });
    await rowOf(page, 'pitz-03').waitFor();

    await addFilter(page, 'metrics.nowhere');
    await page.getByTestId('empty-result').getByRole('button', { name: 'Remove metrics.nowhere is set' }).click();
    await rowOf(page, 'pitz-03').waitFor();
    await addFilter(page, 'metrics.loss < low');
    await page.getByTestId('filter-problem').filter({ hasText: 'not a number: "low"' }).waitFor();
    expect(await page.locator('.chip.bad').textContent()).toBe('metrics.loss<low');
    await input.press('Backspace');
    await page.getByTestId('filter-problem').waitFor({ state: 'detached' });
    await input.press('Alt+ArrowDown');
    await page.getByRole('option', { name: 'metrics.residuals.p < 0.0013', exact: true }).waitFor();
  });

  test('has room for every filter and a long name on a small window', async ({ openPage, collector, data }) => {
    const name = `solver/outer/${'iteration/'.repeat(8)}residual of the momentum equation`;
    const timestamp = new Date().toISOString().replace('Z', '000');
    await collector.post('/metrics', {
      run: data.runs.get('pitz-02'),
      metrics: [{ timestamp, values: { [name]: 1 } }],
    });
    const page = await openPage();
    await page.setViewportSize({ width: 390, height: 500 });
    await page.goto(`${collector.url}/runs`);
    await page.getByText('pitz-23').waitFor();
    await page.getByTestId('filter-input').click();
    const last = page.getByRole('option', { name: 'system.', exact: true });
    await last.waitFor();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => last.getAttribute('aria-selected')).toBe('true');
    await expect.poll(async () => bottomOf(await last.boundingBox())).toBeLessThan(500);

    await page.keyboard.type('equation');
    await page.getByRole('option', { name: `metrics.${name}` }).click();
    await page.keyboard.type('> 0');
    await page.keyboard.press('Enter');
    const remove = page.getByRole('button', { name: `Remove filter metrics.${name} > 0` });
    const box = await remove.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 390)).toBeLessThan(390);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await remove.click();
    await page.getByTestId('filter-chip').waitFor({ state: 'detached' });
  });

  test('is used with the keyboard alone', async ({ openPage, collector }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs?sort=name`);
    await rowOf(page, 'pitz-23').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('pitz-0');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('run-count').textContent()).toContain('of 10');
    await page.keyboard.press('Escape');
    for (const key of ['j', ' ', 'j', ' ']) await page.keyboard.press(key);
    await page.getByTestId('bulk-bar').filter({ hasText: '2 selected' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('bulk-bar').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByTestId('run-title').filter({ hasText: 'pitz-01' }).waitFor();
  });

  test('changes several runs at once, and deletes after a question what is not taken back', async ({
    openPage,
    collector,
    data,
  }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs?sort=name`);
    for (const name of ['pitz-10', 'pitz-11']) await rowOf(page, name).getByTestId('tick').check();
    await page.getByTestId('bulk-tag').click();
    await page.getByTestId('runs-dialog').getByTestId('add-tag').fill('together');
    await page.getByTestId('runs-dialog').getByTestId('add-tag').press('Enter');
    await page.getByTestId('confirm').click();
    await page.getByTestId('runs-dialog').waitFor({ state: 'detached' });
    await rowOf(page, 'pitz-11').getByText('together').waitFor();
    const tags = (await collector.ask('GET', `/runs/${data.runs.get('pitz-10')}`)).json.tags;
    expect([...tags].sort()).toEqual(['LES', 'sweep-B', 'together']);

    // They stay selected, to be moved next; what the list knew of them is not written back.
    await page.getByTestId('bulk-bar').filter({ hasText: '2 selected' }).waitFor();
    await collector.ask('PUT', `/runs/${data.runs.get('pitz-11')}`, { tags: ['meanwhile'] });
    await page.getByTestId('bulk-tag').click();
    await page.getByTestId('runs-dialog').getByTestId('add-tag').fill('twice');
    await page.getByTestId('runs-dialog').getByTestId('add-tag').press('Enter');
    await page.getByTestId('confirm').click();
    await page.getByTestId('runs-dialog').waitFor({ state: 'detached' });
    const again = (await collector.ask('GET', `/runs/${data.runs.get('pitz-11')}`)).json.tags;
    expect([...again].sort()).toEqual(['meanwhile', 'twice']);

    await rowOf(page, 'pitz-12').getByTestId('tick').check();
    await page.screenshot({ path: `${pictures}/runs-bulk-light.png` });
    await page.getByTestId('bulk-delete').click();
    await page.getByTestId('runs-dialog').filter({ hasText: 'undo it for ten seconds' }).waitFor();
    await page.keyboard.press('Escape');
    expect((await collector.ask('GET', `/runs/${data.runs.get('pitz-12')}`)).status).toBe(200);
    for (const name of ['pitz-10', 'pitz-11']) await rowOf(page, name).getByTestId('tick').uncheck();
    await page.getByTestId('bulk-delete').click();
    await page.getByTestId('confirm').click();
    await rowOf(page, 'pitz-12').waitFor({ state: 'detached' });
    expect((await collector.ask('GET', `/runs/${data.runs.get('pitz-12')}`)).status).toBe(200);
    await page.getByTestId('nav-tags').click();
    await page.getByTestId('undo').click();
    await page.getByTestId('nav-runs').click();
    await rowOf(page, 'pitz-12').getByTestId('tick').check();
    await page.getByTestId('bulk-delete').click();
    await page.getByTestId('confirm').click();
    await rowOf(page, 'pitz-12').waitFor({ state: 'detached' });
    // Leaving the page is no way to take it back.
    await page.goto('about:blank');
    await expect.poll(async () => (await collector.ask('GET', `/runs/${data.runs.get('pitz-12')}`)).status).toBe(404);
  });
});

describe('the home page', () => {
  test.for(['light', 'dark'] as const)(
    'says how things are, and follows them (%s)',
    async (theme, { openPage, collector, data }) => {
      const page = await openPage(theme);
      await page.goto(collector.url);
      await page.getByTestId('nav-home').click();
      await page
        .getByTestId('lede')
        .filter({ hasText: /^1 run has a firing alert and [45] runs failed within a day\. 5 runs are running\.$/ })
        .waitFor();
      const firing = page.locator('[data-testid=concern][data-kind=firing]').filter({ hasText: 'diverges' });
      await firing.getByRole('link', { name: 'pitz-00' }).waitFor();
      expect(await page.locator('[data-testid=concern][data-kind=failed]').count()).toBeGreaterThan(0);
      await page.getByTestId('home-running').getByTestId('curve').filter({ hasText: 'residuals.p' }).first().waitFor();
      await page.screenshot({ path: `${pictures}/home-${theme}.png` });
      const { id } = (
        await collector.ask('POST', '/runs', { folder: '/', name: `at home ${theme}`, status: 'running' })
      ).json;
      const home = page.getByTestId('home-running').getByRole('link', { name: `at home ${theme}` });
      await home.waitFor();
      const point = { timestamp: new Date().toISOString().replace('Z', '000'), time: 0, step: 0, values: { loss: 1 } };
      await collector.post('/metrics', { run: id, metrics: [point] });
      await home.getByTestId('curve').filter({ hasText: 'loss' }).waitFor();
      await collector.ask('DELETE', `/runs/${id}`);
      await home.waitFor({ state: 'detached' });

      await firing.getByTestId('mark-seen').click();
      await firing.waitFor({ state: 'detached' });
      await page.reload();
      await page.getByTestId('needs-look').waitFor();
      expect(await firing.count()).toBe(0);
      const status = `/alerts/${data.alert}/status/${data.runs.get('pitz-00')}`;
      await collector.ask('PUT', status, { status: 'ok' });
      await collector.ask('PUT', status, { status: 'critical' });
      await firing.waitFor();
    },
  );

  test('keeps the alert of a run that has ended until it is marked as seen, below those of runs that run', async ({
    openPage,
    collector,
  }) => {
    const alert = { rule: 'is above', metric: 'lift', threshold: 3, window: 2, frequency: 1 };
    const made = await collector.ask('POST', '/alerts', { name: 'stalls', source: 'metrics', alert });
    const body = { name: 'wing at 14°', folder: '/wing', status: 'running', alerts: [made.json.id] };
    const { id } = (await collector.ask('POST', '/runs', body)).json;
    await collector.ask('PUT', `/alerts/${made.json.id}/status/${id}`, { status: 'critical' });
    await collector.ask('PUT', `/runs/${id}`, { status: 'completed' });
    const page = await openPage();
    await page.goto(`${collector.url}/home`);
    const concerns = page.getByTestId('concern');
    const stalls = concerns.filter({ hasText: 'stalls' });
    await stalls.getByTestId('status').filter({ hasText: 'Completed' }).waitFor();
    expect(await stalls.locator('code').allTextContents()).toEqual(['lift', '3', '/wing']);
    expect(await concerns.last().textContent()).toContain('stalls');
    expect(await concerns.filter({ hasText: 'diverges' }).getByTestId('status').count()).toBe(0);
    await page.screenshot({ path: `${pictures}/home-ended-light.png` });
    await stalls.getByTestId('mark-seen').click();
    await stalls.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByTestId('needs-look').waitFor();
    expect(await stalls.count()).toBe(0);
  });
});

describe('lists', () => {
  test.for([
    ['folders', 'folder-row', '/cfd/pitzDaily'],
    ['tags', 'tag-row', 'sweep-B'],
    ['alerts', 'rule-row', 'residuals.p is above 0.01'],
    ['tokens', 'token-row', 'first start'],
  ] as const)('%s are shown in both themes', async ([name, row, text], { openPage, collector }) => {
    for (const theme of ['light', 'dark'] as const) {
      const page = await openPage(theme);
      await page.goto(`${collector.url}/${name}`);
      await page.getByTestId(row).filter({ hasText: text }).first().waitFor();
      await page.screenshot({ path: `${pictures}/${name}-${theme}.png` });
    }
  });

  test('a folder leads to its runs, a tag is made, changed and deleted, a token is shown once', async ({
    openPage,
    collector,
  }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/folders`);
    await page.getByTestId('folder-row').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('cav');
    await page.keyboard.press('Tab');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('run-count').textContent()).toMatch(/of [78]$/);

    await page.getByTestId('nav-tags').click();
    await page.getByTestId('new-tag').click();
    await page.getByTestId('tag-name').fill('paper');
    await page.getByTestId('confirm').click();
    await page.getByTestId('tag-row').filter({ hasText: 'paper' }).waitFor();
    await page.getByRole('button', { name: 'Delete tag paper' }).click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('tag-row').filter({ hasText: 'paper' }).waitFor({ state: 'detached' });

    await page.getByTestId('nav-accounts').click();
    await page.getByTestId('view-tokens').click();
    await page.getByTestId('new-token-button').click();
    await page.getByTestId('token-name').fill('cluster');
    await page.getByTestId('confirm').click();
    const token = await page.getByTestId('token-made').locator('pre').textContent();
    expect((await collector.ask('GET', '/runs', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Revoke cluster' }).click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('token-row').filter({ hasText: 'revoked' }).waitFor();
  });
});
