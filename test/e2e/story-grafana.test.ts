import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestCollector } from '../support/collector-app.ts';
import { HttpReceiver } from '../support/message-receivers.ts';

let browser: Browser;
let grafana: HttpReceiver;
let collector: TestCollector;

beforeAll(async () => {
  [browser, grafana] = await Promise.all([launchBrowser(), HttpReceiver.start()]);
  collector = await TestCollector.start({ grafanaUrl: `${grafana.url}/d/run?var-run={run}&from={from}&to={to}` });
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
  await grafana?.[Symbol.asyncDispose]();
});

test('story 8: a run opens its dashboard beside it, at its own time', async () => {
  const before = Date.now();
  const { id } = (await collector.ask('POST', '/runs', { name: 'wing', folder: '/', status: 'running' })).json;
  await collector.ask('PUT', `/runs/${id}`, { status: 'completed' });
  const { page, context } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/runs/${id}`);
  const [dashboard] = await Promise.all([context.waitForEvent('page'), page.getByTestId('grafana').click()]);
  await dashboard.waitForLoadState();
  const { pathname, searchParams } = new URL(dashboard.url());
  expect([pathname, searchParams.get('var-run')]).toEqual(['/d/run', id]);
  const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
  expect(to).toBeGreaterThanOrEqual(from);
  expect(from).toBeGreaterThan(before - 60_000);
  expect(to).toBeLessThan(Date.now() + 60_000);
  expect(grafana.received.some(({ path }) => path.includes(`var-run=${id}`))).toBe(true);
  // The page of the run stays, and the dashboard cannot reach back into it.
  expect(await dashboard.evaluate('window.opener')).toBeNull();
  await page.getByTestId('run-title').filter({ hasText: 'wing' }).waitFor();
  await context.close();
});
