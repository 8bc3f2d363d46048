import type { Page } from 'playwright-core';

/** Notes in the page when the first row of the runs table, and the first curve of a metric, have been painted. */
const OBSERVE = `
  globalThis.painted = {};
  new MutationObserver((_, observer) => {
    for (const [name, selector] of [['row', '[data-testid=run-row]'], ['curve', '.sparkc']]) {
      if (painted[name] !== undefined || !document.querySelector(selector)) continue;
      painted[name] = Infinity;
      requestAnimationFrame(() => setTimeout(() => { painted[name] = performance.now(); }));
    }
  }).observe(document, { childList: true, subtree: true });
`;

/** Milliseconds from the start of the navigation until the rows, and until the curves in them, are on the screen. */
export async function tablePaintedMillis(page: Page, url: string): Promise<{ row: number; curve: number }> {
  await page.addInitScript(OBSERVE);
  await page.goto(url);
  await page.waitForFunction('painted.row < Infinity && painted.curve < Infinity');
  return page.evaluate('painted');
}

/** Milliseconds from Enter in the filter bar until the filtered rows are on the screen. */
export async function filteredMillis(page: Page, filter: string): Promise<number> {
  const before = await page.getByTestId('run-count').textContent();
  await page.getByTestId('filter-input').fill(filter);
  return page.evaluate(`new Promise((resolve) => {
    const start = performance.now();
    const isNew = () => document.querySelector('[data-testid=run-count]').textContent !== ${JSON.stringify(before)} && !document.querySelector('.runs.stale');
    const look = () => (isNew() ? setTimeout(() => resolve(performance.now() - start)) : requestAnimationFrame(look));
    document.querySelector('[data-testid=filter-input]').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    look();
  })`);
}
