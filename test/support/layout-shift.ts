import type { Page } from 'playwright-core';

const WATCH = `globalThis.layoutShift = { sum: 0, places: [] };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    layoutShift.sum += entry.value;
    for (const { node } of entry.sources) layoutShift.places.push(node?.className || node?.nodeName || 'gone');
  }
}).observe({ type: 'layout-shift', buffered: true });`;

/** Watches from the next load on what moves although nobody touched it. */
export const watchLayoutShift = (page: Page): Promise<unknown> => page.addInitScript(WATCH);

/** Cumulative layout shift since the load, and what moved. @see https://web.dev/articles/cls */
export const layoutShift = (page: Page): Promise<{ readonly sum: number; readonly places: readonly string[] }> =>
  page.evaluate('globalThis.layoutShift');
