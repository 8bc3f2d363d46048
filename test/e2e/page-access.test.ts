import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { pagesOf } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';
import { startGuarded } from '../support/guarded-collector.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');

const test = pagesOf(async () => {
  const { collector, tokens } = await startGuarded({
    ann: { username: 'ann', scopes: ['read', 'ingest'] },
    reader: { username: 'ann', scopes: ['read'] },
  });
  return Object.assign(collector, { tokens });
});

/** What a page gets that nobody has signed in to. */
const REFUSED = /\b401\b/;

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByTestId('token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('a collector that asks for tokens', () => {
  test('offers no change of a dashboard to who may only read', async ({ openPage, collector }) => {
    const auth = { authorization: `Bearer ${collector.tokens.ann}` };
    const { id } = (await collector.ask('POST', '/runs', { name: 'shown', folder: '/shown', status: 'running' }, auth))
      .json;
    const values = { timestamp: '2026-11-21T08:00:00.000000', time: 0, step: 0, values: { loss: 1 } };
    await collector.post('/metrics', { run: id, metrics: [values] }, auth);
    const { data } = (await collector.ask('GET', '/folders', undefined, auth)).json;
    const folder = data.find(({ path }: { path: string }) => path === '/shown');
    const cards = [{ title: '', metrics: ['loss'], xaxis: 'step', yscale: 'linear' }];
    await collector.ask('POST', `/folders/${folder.id}/dashboards`, { name: 'Main', cards }, auth);
    for (const [token, count] of [
      [collector.tokens.reader, 0],
      [collector.tokens.ann, 1],
    ] as const) {
      const page = await openPage('light', REFUSED);
      await page.goto(`${collector.url}/folders`);
      await signIn(page, token);
      await page.getByTestId('folder-row').filter({ hasText: '/shown' }).getByTestId('dashboards').click();
      await page.locator('[data-metric=loss] canvas').waitFor();
      for (const button of ['new-dashboard', 'add-plot', 'configure', 'remove-plot'])
        expect(await page.getByTestId(button).count(), button).toBe(count);
    }
  });

  test.for(['light', 'dark'] as const)(
    'lets a browser in, run by run, and out again (%s)',
    async (theme, { openPage, collector }) => {
      const page = await openPage(theme, REFUSED);
      await page.goto(`${collector.url}/runs?filter=name+contains+of+the+dialog`);
      await page.getByTestId('sign-in').waitFor();
      await page.screenshot({ path: `${pictures}/sign-in-${theme}.png` });
      await signIn(page, `${collector.tokens.ann.slice(0, -4)}AAAA`);
      const problem = page.getByTestId('sign-in-problem');
      await problem.filter({ hasText: 'not known here' }).waitFor();
      await page.screenshot({ path: `${pictures}/sign-in-refused-${theme}.png` });

      await signIn(page, collector.tokens.ann);
      await page.getByTestId('filter-bar').waitFor();
      expect(new URL(page.url()).search).toBe('?filter=name+contains+of+the+dialog');
      await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
      expect(await page.evaluate('document.cookie')).toBe('');

      const name = `of the dialog, ${theme}`;
      await page.getByTestId('new-run-button').click();
      const dialog = page.getByTestId('new-run');
      await dialog.getByTestId('new-run-name').fill(name);
      await dialog.getByTestId('make-token').click();
      await dialog.getByTestId('new-token').waitFor();
      await page.screenshot({ path: `${pictures}/new-run-${theme}.png` });
      await dialog.getByRole('button', { name: 'curl', exact: true }).click();
      const command = (await dialog.locator('pre').textContent()) ?? '';
      const { stdout } = await promisify(execFile)('sh', ['-c', `${command} -s -o /dev/null -w '%{http_code}'`]);
      expect(stdout).toBe('200');
      await dialog.getByRole('link', { name: 'Open the run' }).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.getByTestId('run-row').filter({ hasText: name }).waitFor();

      await page.getByTestId('sign-out').click();
      await page.getByTestId('sign-in').waitFor();
      await page.reload();
      await page.getByTestId('sign-in').waitFor();
    },
  );

  test('locks the page when its token is revoked, and the live stream goes on after the next sign-in', async ({
    openPage,
    collector,
  }) => {
    const page = await openPage('light', REFUSED);
    await page.goto(collector.url);
    await signIn(page, collector.tokens.ann);
    await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    await collector.ask('DELETE', '/session', undefined, { cookie });
    await page.reload();
    await page.getByTestId('sign-in').waitFor();
    await signIn(page, collector.tokens.ann);
    await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
    const { id } = (
      await collector.ask(
        'POST',
        '/runs',
        { folder: '/', name: 'live again', status: 'running' },
        {
          authorization: `Bearer ${collector.tokens.ann}`,
        },
      )
    ).json;
    await page.locator(`[data-testid=run-row][data-run="${id}"]`).waitFor();
  });
});

test('on a loopback the dialog makes a token without a sign-in', async ({ openPage }) => {
  await using open = await TestCollector.start();
  await open.ask('POST', '/runs', { folder: '/', name: 'one', status: 'running' });
  const page = await openPage();
  await page.goto(open.url);
  await page.getByTestId('new-run-button').click();
  await page.getByTestId('make-token').click();
  await page.getByTestId('new-token').waitFor();
  await page.getByRole('button', { name: 'Simvue client' }).click();
  expect(await page.getByTestId('new-run').locator('pre').first().textContent()).toMatch(/token = "ey/);
  expect(await page.getByTestId('sign-out').count()).toBe(0);
  await page.close();
});
