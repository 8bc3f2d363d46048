import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pageTest } from '../support/browser-test.ts';
import { fillEveryPage } from '../support/page-filling.ts';
import { PAGES } from '../support/page-list.ts';

const MOST_STOPS = 250;

const test = pageTest.extend('runs', { scope: 'file', auto: true }, ({ collector }) => fillEveryPage(collector));

/** Names what can be used with a mouse; of a group of radio buttons one is enough. */
const MARK = `(() => {
  const shown = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0)
    .filter((element) => element.type !== 'radio' || element.checked);
  shown.forEach((element, index) => { element.dataset.stop = index; });
  return shown.map((element) => element.getAttribute('aria-label') || element.textContent.trim().slice(0, 40) || element.outerHTML.slice(0, 80));
})()`;
/** The stop that has the focus, and whether that can be seen. */
const HERE = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return undefined;
  const marks = (place) => { const style = getComputedStyle(place); return (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none'; };
  let place = element;
  while (place && !marks(place) && !place.matches('main, nav')) place = place.parentElement;
  return { stop: element.dataset.stop, isSeen: !!place && marks(place), what: element.outerHTML.slice(0, 120) };
})()`;

/** The stops of a page that two looks find alike: what it loads last may bring more. */
async function settledStops(page: Page): Promise<readonly string[]> {
  for (let before = -1; ; ) {
    const stops: readonly string[] = await page.evaluate(MARK);
    if (stops.length === before) return stops;
    before = stops.length;
    await page.waitForTimeout(300);
  }
}

async function walk(page: Page) {
  const reached = new Set<string>();
  const unseen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    const here = (await page.evaluate(HERE)) as { stop?: string; isSeen: boolean; what: string } | undefined;
    if (here === undefined || (here.stop !== undefined && reached.has(here.stop))) break;
    if (here.stop !== undefined) reached.add(here.stop);
    if (!here.isSeen) unseen.push(here.what);
  }
  return { reached, unseen };
}

test('a focus that cannot be seen, and a thing that cannot be reached, are found', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.evaluate(
    'for (const sheet of document.styleSheets) sheet.insertRule("main * { outline: none !important; box-shadow: none !important; }", sheet.cssRules.length)',
  );
  const stops: string[] = await page.evaluate(MARK);
  await page.evaluate('document.querySelector("main .rtop").inert = true');
  const { reached, unseen } = await walk(page);
  expect(unseen.length).toBeGreaterThan(0);
  expect(reached.size).toBeLessThan(stops.length);
});

test.for(PAGES.filter(({ kind }) => kind === 'page'))(
  '$name: the Tab key comes to everything, and one sees where it is',
  async ({ path, ready }, { openPage, collector, runs }) => {
    const page = await openPage();
    await page.goto(collector.url + path(runs));
    await ready(page);
    // What was clicked has the focus: the walk begins at the top.
    await page.evaluate(
      'document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex")',
    );
    const stops = await settledStops(page);
    const { reached, unseen } = await walk(page);
    expect(stops.filter((_, index) => !reached.has(String(index)))).toEqual([]);
    expect(unseen).toEqual([]);
  },
);

test.for(PAGES.filter(({ kind }) => kind === 'dialog'))(
  '$name takes the focus, closes with Esc and gives the focus back',
  async ({ path, ready }, { openPage, collector, runs }) => {
    const page = await openPage();
    await page.goto(collector.url + path(runs));
    await ready(page);
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    expect(await page.evaluate('document.querySelector("dialog[open]").contains(document.activeElement)')).toBe(true);
    await page.keyboard.press('Escape');
    // A closed dialog holds the focus until it is told of that and leaves the document.
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement !== document.body')).toBe(true);
  },
);

test('nothing moves for who asked for that', async ({ openPage, collector, runs }) => {
  const page = await openPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${collector.url}/runs/${runs.first}?tab=metrics`);
  await page.locator('canvas').first().waitFor();
  const moving =
    'document.getAnimations().filter((one) => one.playState === "running").map((one) => one.animationName ?? one.transitionProperty)';
  expect(await page.evaluate(moving)).toEqual([]);
});
