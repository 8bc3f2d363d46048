import { describe, expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import { HOSTILE } from '../support/hostile.ts';
import { fillPages } from '../support/page-data.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');

const test = pageTest
  .extend('data', { scope: 'file', auto: true }, ({ collector }) => fillPages(collector, 8))
  .extend(
    'idOf',
    { scope: 'file' },
    ({ data }) =>
      (name: string) =>
        data.runs.get(name) ?? '',
  )
  .extend(
    'read',
    { scope: 'file' },
    ({ collector, idOf }) =>
      async (name: string) =>
        (await collector.ask('GET', `/runs/${idOf(name)}`)).json,
  );

describe('the page of a run', () => {
  test('keeps a long value within its panel', async ({ openPage, collector, idOf }) => {
    const id = idOf('pitz-01');
    await collector.ask('PUT', `/runs/${id}`, { metadata: { command: 'solver --case '.repeat(40) } });
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${id}`);
    const value = page.getByRole('complementary').getByText('solver --case').first();
    await value.waitFor();
    const place = await value.boundingBox();
    expect((place?.x ?? 0) + (place?.width ?? Infinity)).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  });

  test('counts nested metadata as it lists them, and puts those that a person chose first', async ({
    openPage,
    collector,
  }) => {
    const packages = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`package-${index}`, `1.${index}`]));
    const metadata = { python: { environment: packages }, ratio: 1 / 7, cells: 20 };
    const { id } = (await collector.ask('POST', '/runs', { name: 'nested', folder: '/nested', metadata })).json;
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${id}`);
    const panel = page.getByRole('complementary').locator('section').first();
    await expect.poll(() => panel.locator('h2 + span').textContent()).toBe('32');
    expect(await page.getByTestId('tab-metadata').locator('small').textContent()).toBe('32');
    const keys = panel.locator('dt');
    expect((await keys.allTextContents()).slice(0, 3)).toEqual(['cells', 'ratio', 'python.environment.package-0']);
    // A key without room loses its front: what tells it apart stays in sight.
    const direction = await keys.nth(2).evaluate('key => getComputedStyle(key).direction');
    expect([direction, await keys.nth(2).getAttribute('title')]).toEqual(['rtl', 'python.environment.package-0']);
    await page.getByTestId('tab-metadata').click();
    await page.getByText('32 of 32').waitFor();
  });

  test('draws percent and memory of Simvue’s Python client each on its own scale', async ({ openPage, collector }) => {
    const { id } = (await collector.ask('POST', '/runs', { name: 'sampled', folder: '/sampled' })).json;
    const values = { 'resources/cpu.usage.percentage': 3, 'resources/cpu.usage.memory': 148 };
    const timestamp = new Date().toISOString().replace('Z', '000');
    await collector.post('/metrics', { run: id, metrics: [{ timestamp, time: 0, step: 0, values }] });
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${id}?tab=resources`);
    const titles = page.getByTestId('metric-card').getByRole('heading');
    await expect
      .poll(() => titles.allTextContents())
      .toEqual([expect.stringMatching(/cpu\.usage\.percentage/), expect.stringMatching(/cpu\.usage\.memory/)]);
    const cards = await page.getByTestId('metric-card').allTextContents();
    expect([cards[0], cards[1]]).toEqual([expect.stringContaining('%'), expect.stringContaining('MiB')]);
  });

  test.for(['light', 'dark'] as const)(
    'shows its alerts with their rules in words (%s)',
    async (theme, { openPage, collector, data, idOf }) => {
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${idOf('pitz-00')}`);
      await page.getByTestId('tab-alerts').filter({ hasText: '1' }).click();
      const rows = page.getByTestId('alert-row');
      await rows.first().waitFor();
      expect(await Promise.all((await rows.all()).map((row) => row.getAttribute('data-alert')))).toEqual([
        'diverges',
        'residual',
      ]);
      expect(await rows.nth(0).getByTestId('alert-state').getAttribute('data-state')).toBe('firing');
      expect(await rows.nth(0).textContent()).toContain('aborts the run');
      expect(await rows.nth(1).textContent()).toContain('residuals.p is above 0.01, average over 2 min, each 1 min');
      await page.screenshot({ path: `${pictures}/run-alerts-${theme}.png` });
      await collector.ask('PUT', `/alerts/${data.alert}/status/${idOf('pitz-01')}`, { status: 'ok' });
      await page.goto(`${collector.url}/runs/${idOf('pitz-01')}?tab=alerts`);
      await page.locator('[data-testid=alert-row][data-alert=diverges] [data-state=ok]').waitFor();
      await collector.ask('PUT', `/alerts/${data.alert}/status/${idOf('pitz-01')}`, { status: 'critical' });
      await page.locator('[data-testid=alert-row][data-alert=diverges] [data-state=firing]').waitFor();
    },
  );

  test.for(['light', 'dark'] as const)(
    'says why an alert did and did not fire (%s)',
    async (theme, { openPage, collector }) => {
      const rule = { rule: 'is above', metric: 'residual', threshold: 0.49, window: 2, frequency: 1 };
      const alert = (await collector.ask('POST', '/alerts', { name: `grows ${theme}`, source: 'metrics', alert: rule }))
        .json;
      const started = Date.now() - 600_000;
      const at = (seconds: number) => new Date(started + 1000 * seconds).toISOString().replace('Z', '000');
      const body = { name: 'watched', folder: '/', status: 'running', started: at(0), alerts: [alert.id] };
      const { id } = (await collector.ask('POST', '/runs', body)).json;
      const metrics = Array.from({ length: 60 }, (_, step) => ({
        timestamp: at(10 * step),
        time: 10 * step,
        step,
        values: { residual: step / 60 },
      }));
      await collector.post('/metrics', { run: id, metrics });
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${id}?tab=alerts`);
      await page.getByTestId('expand').click();
      const rows = page.getByTestId('evaluation-row');
      await rows.filter({ hasText: 'firing' }).first().waitFor();
      await rows.filter({ hasText: 'ok' }).first().waitFor();
      await page
        .getByTestId('why')
        .filter({ hasText: /window 100 %, 12 points, value 0\.\d+: it fires/ })
        .waitFor();
      await rows.filter({ hasText: 'ok' }).first().getByRole('button').click();
      await page
        .getByTestId('why')
        .filter({ hasText: /it does not fire. One value, 0.5 at .* is beyond the limit/ })
        .waitFor();
      expect((await page.getByTestId('alert-metric-line').getAttribute('d'))?.match(/L/g)?.length).toBeGreaterThan(40);
      await page.screenshot({ path: `${pictures}/run-alert-details-${theme}.png` });
    },
  );

  test('takes a new alert, which is tried before it is made', async ({ openPage, collector, idOf, read }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${idOf('pitz-01')}?tab=alerts`);
    await page.getByTestId('new-alert').click();
    await page.getByTestId('alert-name').fill('loss is high');
    await page.getByTestId('alert-metric').fill('loss');
    await page.getByTestId('alert-low').fill('0.5');
    await page.getByTestId('alert-delay').fill('2.5');
    await page.getByTestId('alert-try').click();
    await page.getByTestId('alert-tried').filter({ hasText: 'too short' }).waitFor();
    await page.screenshot({ path: `${pictures}/alert-new-light.png` });
    await page.getByTestId('confirm').click();
    await page.locator('[data-testid=alert-row][data-alert="loss is high"]').waitFor();
    const { alerts } = await read('pitz-01');
    expect(alerts.find((entry: { alert: { name: string } }) => entry.alert.name === 'loss is high').alert.delay).toBe(
      2.5,
    );
    expect(alerts.map(({ alert }: { alert: { name: string } }) => alert.name).sort()).toEqual([
      'diverges',
      'loss is high',
      'residual',
    ]);
  });

  test('is edited, starred and aborted, and changes nothing that was not edited', async ({
    openPage,
    collector,
    idOf,
    read,
  }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${idOf('pitz-02')}`);
    await page.getByTestId('edit-run').click();
    await page.getByTestId('edit-description').fill('**The best** of the sweep.');
    await page.screenshot({ path: `${pictures}/run-edit-light.png` });
    await collector.ask('PUT', `/runs/${idOf('pitz-02')}`, { tags: ['changed-meanwhile'] });
    await page.getByTestId('edit-dialog').getByTestId('add-tag').focus();
    await page.getByTestId('confirm').click();
    await page.getByTestId('markdown').locator('strong', { hasText: 'The best' }).waitFor();
    expect(await read('pitz-02')).toMatchObject({ name: 'pitz-02', tags: ['changed-meanwhile'] });

    await page.getByTestId('star').click();
    await expect.poll(async () => (await read('pitz-02')).starred).toBe(true);
    await page.locator('[data-testid=star][aria-pressed=true]').waitFor();
    await page.getByTestId('abort-run').click();
    await page.getByTestId('confirm').click();
    await expect
      .poll(async () => (await collector.ask('GET', `/runs/${idOf('pitz-02')}/abort`)).json.status)
      .toBe(true);
  });

  test('takes new metadata and changes old ones, below a nested key too', async ({
    openPage,
    collector,
    idOf,
    read,
  }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${idOf('pitz-03')}?tab=metadata`);
    await page.getByTestId('add-metadata').click();
    await page.getByTestId('metadata-key').fill('checked.by');
    await page.getByTestId('metadata-value').fill('true');
    await page.getByTestId('confirm').click();
    await page.getByTestId('metadata-row').filter({ hasText: 'checked.by' }).waitFor();
    await page.getByRole('button', { name: 'Change mesh.cells' }).click();
    await page.getByTestId('metadata-value').fill('20000');
    await page.getByTestId('confirm').click();
    await page.getByTestId('metadata-row').filter({ hasText: '20000' }).waitFor();
    expect((await read('pitz-03')).metadata).toEqual({
      Re: 16_000,
      solver: 'GAMG',
      mesh: { cells: 20_000 },
      'checked.by': true,
    });
  });

  test('is deleted after a question, and leads back to the list', async ({ openPage, collector, idOf }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${idOf('pitz-07')}`);
    await page.getByTestId('delete-run').click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('runs-table').waitFor();
    // It can be taken back for ten seconds.
    const status = async () => (await collector.ask('GET', `/runs/${idOf('pitz-07')}`)).status;
    await expect.poll(status, { timeout: 20_000 }).toBe(404);
  });
});

describe('the comparison', () => {
  test.for(['light', 'dark'] as const)(
    'shows differences and shared plots, and takes another baseline (%s)',
    async (theme, { openPage, collector }) => {
      const page = await openPage(theme);
      await page.goto(collector.url);
      for (const name of ['pitz-04', 'pitz-05', 'pitz-06'])
        await page.getByTestId('run-row').filter({ hasText: name }).getByTestId('tick').check();
      await page.getByTestId('bulk-compare').click();
      await page.getByTestId('compared').filter({ hasText: '3 runs' }).waitFor();
      await page.locator('[data-testid=metric-card][data-metric=loss] canvas').waitFor();
      const points = () =>
        page.locator('[data-testid=metric-card][data-metric=loss] .plot').getAttribute('data-points');
      await expect.poll(points).toBe('120');
      const keys = () => page.getByTestId('compare-row').locator('th').allTextContents();
      expect(await keys()).not.toContain('mesh.cells');
      await page.screenshot({ path: `${pictures}/compare-${theme}.png` });
      await page.getByTestId('differences').uncheck();
      await expect.poll(keys).toContain('mesh.cells');
      const heads = () => page.getByTestId('compare-table').locator('thead a').allTextContents();
      const [first, second] = await heads();
      await page.getByRole('button', { name: 'make baseline' }).first().click();
      await expect.poll(async () => (await heads()).slice(0, 2)).toEqual([second, first]);
    },
  );
});

describe('the command palette', () => {
  test('finds runs and commands, with the keyboard alone', async ({ openPage, collector }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/tags`);
    await page.getByTestId('tag-row').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').waitFor();
    await page.keyboard.type('pitz-05');
    await expect.poll(() => page.getByTestId('palette-run').count()).toBe(1);
    await page.screenshot({ path: `${pictures}/palette-light.png` });
    await page.keyboard.press('Enter');
    await page.getByTestId('run-title').filter({ hasText: 'pitz-05' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').waitFor();
    await page.keyboard.type('status:failed');
    await expect
      .poll(() => page.getByTestId('palette-run').allTextContents())
      .toEqual([expect.stringContaining('pitz-04')]);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('start a new');
    await page.getByTestId('palette-command').filter({ hasText: 'Start a new run' }).waitFor();
    await expect.poll(() => page.getByTestId('palette-run').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByTestId('new-run').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByTestId('keys').waitFor();
  });
});

describe('hostile text', () => {
  test.for(['', '?tab=metrics', '?tab=events', '?tab=metadata', '?tab=alerts', '?tab=artifacts'])(
    'is only text on the page of its run %s',
    async (tab, { openPage, collector, idOf }) => {
      const page = await openPage();
      await page.goto(`${collector.url}/runs/${idOf(HOSTILE)}${tab}`);
      await page.getByTestId('run-title').filter({ hasText: '<script>' }).waitFor();
      await page.waitForTimeout(300);
      expect(await page.evaluate('window.pwned')).toBeUndefined();
    },
  );

  test.for(['/runs', '/folders', '/tags', '/compare'])(
    'is only text on %s',
    async (path, { openPage, collector, idOf }) => {
      const page = await openPage();
      await page.goto(
        `${collector.url}${path}${path === '/compare' ? `?run=${idOf(HOSTILE)}&run=${idOf('pitz-00')}` : ''}`,
      );
      await page.locator('main').getByText('<img src=x').filter({ visible: true }).first().waitFor();
      expect(await page.evaluate('window.pwned')).toBeUndefined();
    },
  );
});
