import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestCollector as Open, type TestCollector } from '../support/collector-app.ts';
import { startGuarded } from '../support/guarded-collector.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');
let browser: Browser;
let collector: TestCollector;
let tokens: Readonly<Record<'ann', string>>;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchBrowser();
  ({ collector, tokens } = await startGuarded({ ann: { username: 'ann', scopes: ['read', 'ingest'] } }));
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

/** Answers of 401 are what a page gets that nobody has signed in to. */
const withoutRefusals = (complaints: readonly string[]): string[] => complaints.filter((text) => !/\b401\b/.test(text));

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByTestId('token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('a collector that asks for tokens', () => {
  test.each(['light', 'dark'] as const)('lets a browser in, run by run, and out again (%s)', async (theme) => {
    const { page, context, complaints } = await openPage(browser, theme);
    await page.goto(`${collector.url}/runs?filter=name+contains+of+the+dialog`);
    await page.getByTestId('sign-in').waitFor();
    await page.screenshot({ path: `${pictures}/sign-in-${theme}.png` });
    await signIn(page, `${tokens.ann.slice(0, -4)}AAAA`);
    const problem = page.getByTestId('sign-in-problem');
    await problem.filter({ hasText: 'not known here' }).waitFor();
    await page.screenshot({ path: `${pictures}/sign-in-refused-${theme}.png` });

    await signIn(page, tokens.ann);
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
    expect(withoutRefusals(complaints)).toEqual([]);
    await context.close();
  });

  test('locks the page when its token is revoked, and the live stream goes on after the next sign-in', async () => {
    const { page, context } = await openPage(browser, 'light');
    await page.goto(collector.url);
    await signIn(page, tokens.ann);
    await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    await collector.ask('DELETE', '/session', undefined, { cookie });
    await page.reload();
    await page.getByTestId('sign-in').waitFor();
    await signIn(page, tokens.ann);
    await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
    const { id } = (
      await collector.ask(
        'POST',
        '/runs',
        { folder: '/', name: 'live again', status: 'running' },
        {
          authorization: `Bearer ${tokens.ann}`,
        },
      )
    ).json;
    await page.locator(`[data-testid=run-row][data-run="${id}"]`).waitFor();
    await context.close();
  });
});

test('on a loopback the dialog makes a token without a sign-in', async () => {
  await using open = await Open.start();
  await open.ask('POST', '/runs', { folder: '/', name: 'one', status: 'running' });
  const { page, context, complaints } = await openPage(browser, 'light');
  await page.goto(open.url);
  await page.getByTestId('new-run-button').click();
  await page.getByTestId('make-token').click();
  await page.getByTestId('new-token').waitFor();
  await page.getByRole('button', { name: 'Simvue client' }).click();
  expect(await page.getByTestId('new-run').locator('pre').first().textContent()).toMatch(/token = "ey/);
  expect(await page.getByTestId('sign-out').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});
