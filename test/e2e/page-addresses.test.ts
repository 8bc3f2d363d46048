import { describe, expect } from 'vitest';
import { TABS } from '../../web/src/lib/route.ts';
import { pageTest as test } from '../support/browser-test.ts';

describe('an address that was typed', () => {
  test('names a tab of a run as the end of its path, and becomes the one address of it', async ({
    openPage,
    collector,
  }) => {
    const { id } = (await collector.ask('POST', '/runs', { name: 'typed', folder: '/', status: 'running' })).json;
    const page = await openPage();
    for (const tab of TABS) {
      await page.goto(`${collector.url}/runs/${id}/${tab}?q=a`);
      await page.locator(`[data-testid=tab-${tab}][aria-selected=true]`).waitFor();
      expect(page.url()).toBe(`${collector.url}/runs/${id}${tab === 'overview' ? '?' : `?tab=${tab}&`}q=a`);
    }
    await page.goBack();
    await page.locator('[data-testid=tab-timeline][aria-selected=true]').waitFor();
    await page.goto(`${collector.url}/runs/${id}/nope`);
    await page.locator('[data-testid=tab-overview][aria-selected=true]').waitFor();
    expect(page.url()).toBe(`${collector.url}/runs/${id}`);
  });
});
