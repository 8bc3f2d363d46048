import { describe, expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';
import { startGuarded } from '../support/guarded-collector.ts';
import { layoutShift, watchLayoutShift } from '../support/layout-shift.ts';
import { overlaps } from '../support/overlaps.ts';
import { fillEveryPage } from '../support/page-filling.ts';
import { PAGES } from '../support/page-list.ts';
import { inRepository } from '../support/repository.ts';

/** A tenth of what is called good; a late web font alone moves more. */
const MAX_LAYOUT_SHIFT = 0.01;
const PHONE = { width: 390, height: 844 };
/** Width of a window of 1280 pixels at four times their size; so high that plots are in view and drawn. */
const ZOOMED = { width: 320, height: 1600 };
const TABLET = { width: 1024, height: 768 };
/** Pictures of every page, kept for a look. */
const pictures = inRepository('.cache/screenshots/pages');

const test = pageTest.extend('runs', { scope: 'file', auto: true }, ({ collector }) => fillEveryPage(collector));

/** What a phone cuts off: beyond its edge, and in nothing that scrolls sideways. */
const CUT_OFF = `[...document.querySelectorAll('main *')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.textContent && one.getBoundingClientRect().right > innerWidth + 1)
  .filter((one) => { for (let at = one; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return at.scrollWidth <= at.clientWidth; return true; })
  .map((one) => one.outerHTML.slice(0, 120))`;

test('axe sees what is wrong', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.evaluate('document.querySelector("main").append(document.createElement("button"))');
  expect(await seriousFindings(page)).toEqual([expect.stringMatching(/^button-name: /)]);
});

test('things over each other are seen', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.evaluate(
    'document.querySelector("main").insertAdjacentHTML("beforeend", "<p style=display:flex;width:20px><span style=min-width:0>across</span><b>beside</b></p>")',
  );
  expect(await overlaps(page)).toEqual([expect.stringContaining('across')]);
});

test('a thing that moves is seen', async ({ openPage, collector }) => {
  const page = await openPage();
  await watchLayoutShift(page);
  await page.goto(`${collector.url}/tags`);
  await page.getByTestId('tag-row').first().waitFor();
  await page.evaluate('document.querySelector("main").style.paddingTop = "200px"');
  await expect.poll(async () => (await layoutShift(page)).sum).toBeGreaterThan(MAX_LAYOUT_SHIFT);
});

describe.each(['light', 'dark'] as const)('axe finds nothing serious, and nothing moves or complains (%s)', (theme) => {
  test.for(PAGES)('on $name', async ({ name, path, ready }, { openPage, collector, runs }) => {
    const page = await openPage(theme);
    await watchLayoutShift(page);
    await page.goto(collector.url + path(runs));
    await ready(page);
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: `${pictures}/${name}-${theme}.png` });
    const { sum, places } = await layoutShift(page);
    expect(sum, places.join(', ')).toBeLessThan(MAX_LAYOUT_SHIFT);
    expect(await overlaps(page)).toEqual([]);
    await page.setViewportSize(TABLET);
    expect(await overlaps(page)).toEqual([]);
  });

  test('on the sign-in page', async ({ openPage }) => {
    const { collector: guarded } = await startGuarded({ ann: { username: 'ann', scopes: ['read'] } });
    await using _closed = guarded;
    const page = await openPage(theme, /401/);
    await page.goto(guarded.url);
    await page.getByTestId('sign-in').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: `${pictures}/sign-in-${theme}.png` });
    await page.close();
  });

  test('on a fresh install', async ({ openPage }) => {
    await using fresh = await TestCollector.start();
    const page = await openPage(theme);
    await page.goto(fresh.url);
    await page.getByTestId('fresh-install').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: `${pictures}/fresh-install-${theme}.png` });
    await page.close();
  });
});

/** Things that are chosen and look as those beside them. */
const ALIKE = `(() => {
  const look = (one) => { const { backgroundColor, outlineStyle } = getComputedStyle(one); return backgroundColor + outlineStyle; };
  return [...document.querySelectorAll('[aria-pressed="true"], [aria-current]:not([aria-current="false"]), [aria-selected="true"]')]
    .filter((one) => one.checkVisibility() && one.parentElement.children.length > 1)
    .filter((one) => [...one.parentElement.children].some((other) => other !== one && other.tagName === one.tagName && look(other) === look(one)))
    .map((one) => one.outerHTML.slice(0, 120));
})()`;

test.for(['runs-view', 'run-metrics', 'run-artifacts', 'run-alerts', 'palette'])(
  'in a contrast theme of the system one sees what is chosen: %s',
  async (wanted, { openPage, collector, runs }) => {
    const shown = PAGES.find(({ name }) => name === wanted);
    if (!shown) throw new Error(`there is no page ${wanted}`);
    const page = await openPage();
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto(collector.url + shown.path(runs));
    await shown.ready(page);
    expect(await page.locator('[aria-pressed="true"], [aria-current], [aria-selected="true"]').count()).toBeGreaterThan(
      0,
    );
    expect(await page.evaluate(ALIKE)).toEqual([]);
    await page.screenshot({ path: `${pictures}/contrast-${wanted}.png` });
  },
);

test.for(PAGES.filter(({ kind, isOnPhone }) => kind === 'page' && isOnPhone !== false))(
  '$name can be read at a zoom of 400 %',
  async ({ path, ready }, { openPage, collector, runs }) => {
    const page = await openPage();
    await page.setViewportSize(ZOOMED);
    await page.goto(collector.url + path(runs));
    await ready(page);
    expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(ZOOMED.width);
    expect(await page.evaluate(CUT_OFF)).toEqual([]);
  },
);

test.for(PAGES.filter(({ isOnPhone }) => isOnPhone !== false))(
  '$name fits a phone',
  async ({ name, path, ready }, { openPage, collector, runs }) => {
    const page = await openPage();
    await page.setViewportSize(PHONE);
    await page.goto(collector.url + path(runs));
    await ready(page);
    await page.screenshot({ path: `${pictures}/phone-${name}.png` });
    expect(await overlaps(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(await page.evaluate(CUT_OFF)).toEqual([]);
    // The strip of tabs is wider than the phone: the one that is shown must be in sight.
    const shown =
      '[...document.querySelectorAll("[role=tab][aria-selected=true]")].map((tab) => tab.getBoundingClientRect())';
    const out = `${shown}.filter(({ left, right }) => left < 0 || right > ${PHONE.width}).length`;
    await expect.poll(() => page.evaluate(out)).toBe(0);
  },
);
