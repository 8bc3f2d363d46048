import { describe, expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest as test } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';
import { HOSTILE } from '../support/hostile.ts';
import { inRepository } from '../support/repository.ts';

describe('the activity of a run', () => {
  test.for(['light', 'dark'] as const)(
    'shows changes as they come, and the history of a value (%s)',
    async (theme, { openPage, collector }) => {
      const made = { name: 'wing', folder: '/', status: 'running', metadata: { Re: 10_000, [HOSTILE]: HOSTILE } };
      const run = (await collector.ask('POST', '/runs', made)).json.id as string;
      const change = (body: object) => collector.ask('PUT', `/runs/${run}`, body);
      await change({ metadata: { Re: 12_000 }, tags: ['LES'] });
      await change({ description: `# Wing\n${HOSTILE}` });
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${run}?tab=activity`);
      const rows = page.getByTestId('activity-row');
      await expect.poll(() => rows.count()).toBe(4);
      await change({ metadata: { Re: 14_000, [HOSTILE]: 'calm' } });
      await expect.poll(() => rows.count()).toBe(6);
      await change({ status: 'completed' });
      await rows.filter({ hasText: 'completed' }).waitFor();
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-activity-${theme}.png`) });
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Tags', exact: true }).click();
      await expect.poll(() => rows.count()).toBe(1);
      await page.getByTestId('tab-metadata').click();
      await page.getByRole('button', { name: 'History of Re', exact: true }).click();
      await expect.poll(() => page.getByTestId('metadata-history').getByTestId('activity-row').count()).toBe(2);
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-metadata-history-${theme}.png`) });
      expect(await page.evaluate('"pwned" in window')).toBe(false);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByTestId('tab-activity').click();
      await rows.first().waitFor();
      await page.screenshot({ path: inRepository(`.cache/screenshots/run-activity-phone-${theme}.png`) });
    },
  );
});

test('a request to stop is seen by everybody until the run ends, and is not there when it is taken up again', async ({
  openPage,
  collector,
}) => {
  const run = (await collector.ask('POST', '/runs', { name: 'wing', folder: '/', status: 'running' })).json
    .id as string;
  const pages = [await openPage(), await openPage('dark')] as const;
  for (const page of pages) await page.goto(`${collector.url}/runs/${run}?tab=activity`);
  const [page, other] = pages;
  await other.getByTestId('abort-run').waitFor();
  await page.getByTestId('abort-run').click();
  await page.getByTestId('abort-dialog').getByRole('button', { name: 'Abort', exact: true }).click();
  for (const one of pages) {
    await one.getByTestId('stopping').waitFor();
    await one.getByTestId('activity-row').filter({ hasText: 'asked to stop: asked for on the page' }).waitFor();
  }
  await page.reload();
  const title = await page.getByTestId('stopping').getAttribute('title');
  expect(title).toBe('local asked it to stop: asked for on the page');
  expect(await seriousFindings(other)).toEqual([]);
  await collector.ask('PUT', `/runs/${run}`, { status: 'terminated' });
  await page.getByTestId('stopping').waitFor({ state: 'detached' });
  expect(await page.getByTestId('abort-run').count()).toBe(0);
  await collector.ask('PUT', `/runs/${run}`, { status: 'running' });
  await other.getByTestId('abort-run').waitFor();
});

test('a run has a link to the dashboard of its time, where one is set up', async ({ openPage }) => {
  await using linked = await TestCollector.start({
    grafanaUrl: 'https://grafana.example.org/d/r?var-run={run}&to={to}',
  });
  const run = (await linked.ask('POST', '/runs', { name: 'wing', folder: '/', status: 'running' })).json.id as string;
  const page = await openPage();
  await page.goto(`${linked.url}/runs/${run}`);
  const link = page.getByTestId('grafana');
  await link.waitFor();
  expect(await link.getAttribute('href')).toBe(`https://grafana.example.org/d/r?var-run=${run}&to=now`);
  await linked.ask('PUT', `/runs/${run}`, { status: 'completed' });
  await expect.poll(() => link.getAttribute('href')).toMatch(/&to=\d{13}$/);
  await page.close();
});
