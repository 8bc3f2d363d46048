import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { drawnPlot } from '../support/drawn-plot.ts';
import { OtlpRun } from '../support/otlp-run.ts';

const RUN = 'zone0000000000000000aa';
const LIFE_SECONDS = 3600;
const PHONE = { width: 390, height: 844 };

/** With a run of an hour, from 8 to 9 in the UTC of a summer, and one that runs now. */
const test = pageTest.extend('hour', { scope: 'file' }, async ({ collector }) => {
  const run = new OtlpRun(collector.url, RUN, Date.UTC(2026, 5, 1, 8));
  await run.start();
  for (let minute = 0; minute < 60; minute += 10) await run.event(`minute ${minute}`, minute * 60 + 1);
  const points = Array.from({ length: LIFE_SECONDS / 10 }, (_, index) => [index * 10, Math.sin(index / 20)] as const);
  await run.points('wave', points);
  await run.end(LIFE_SECONDS);
  await collector.ask('POST', '/runs', { name: 'now', folder: '/', status: 'running' });
  return `${collector.url}/runs/${RUN}`;
});

const zone = (page: Page) => page.getByTestId('zone');
const tapeLabels = (page: Page) => page.locator('svg.tape text').allTextContents();

/** Switches by the command of the palette. */
async function command(page: Page, text: string) {
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill(text);
  await page.getByRole('option', { name: text, exact: true }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

describe.each(['light', 'dark'] as const)('the zone of times (%s)', (theme) => {
  test('is UTC until local is chosen, in the list and all of a run, and is remembered', async ({
    openPage,
    collector,
    hour,
  }) => {
    const page = await openPage(theme, undefined, 'Europe/Berlin');
    await page.goto(`${collector.url}/runs?col=status&col=started`);
    const started = page.locator(`[data-run="${RUN}"] td.num`);
    await started.filter({ hasText: '2026-06-01 08:00' }).waitFor();
    expect(await page.getByTestId('sort-started').textContent()).toBe('Started, UTC');
    await zone(page).focus();
    await page.keyboard.press('Enter');
    await started.filter({ hasText: '2026-06-01 10:00' }).waitFor();
    expect(await page.getByTestId('sort-started').textContent()).toBe('Started, local');
    expect(await started.getAttribute('title')).toBe('2026-06-01T08:00:00.000000 UTC');
    expect(await zone(page).getAttribute('title')).toMatch(/^Times: local, UTC\+[12], Europe\/Berlin$/);
    expect(await seriousFindings(page)).toEqual([]);

    await page.goto(hour);
    const facts = page.getByTestId('facts');
    await facts.filter({ hasText: '10:00:00' }).waitFor();
    expect(await facts.textContent()).toContain('1 Jun 2026, UTC+2');
    expect(await tapeLabels(page)).toEqual(expect.arrayContaining(['10:10', '10:50']));

    await page.getByTestId('tab-events').click();
    await page.getByTestId('event-moment').filter({ hasText: '10:50:01.000' }).waitFor();
    expect(await page.locator('main th').first().textContent()).toBe('Time, local');
    const end = page.getByRole('slider', { name: 'End of the part' });
    expect(await end.getAttribute('aria-valuetext')).toBe('11:00:00 UTC+2');
    await zone(page).click();
    await page.getByTestId('event-moment').filter({ hasText: '08:50:01.000' }).waitFor();
    expect(await page.locator('main th').first().textContent()).toBe('Time, UTC');
    expect(await end.getAttribute('aria-valuetext')).toBe('09:00:00 UTC');
    await page.reload();
    await page.getByTestId('event-moment').filter({ hasText: '08:50:01.000' }).waitFor();
  });
});

test('other open tabs follow the choice of zone and of theme at once', async ({ openPage, collector, hour }) => {
  expect(hour).toContain(RUN);
  const page = await openPage('light', undefined, 'Europe/Berlin');
  const other = await page.context().newPage();
  const started = other.locator(`[data-run="${RUN}"] td.num`);
  for (const tab of [page, other]) await tab.goto(`${collector.url}/runs?col=status&col=started`);
  await started.filter({ hasText: '2026-06-01 08:00' }).waitFor();
  await zone(page).click();
  await started.filter({ hasText: '2026-06-01 10:00' }).waitFor();
  expect(await other.getByTestId('sort-started').textContent()).toBe('Started, local');
  await zone(other).click();
  await page.locator(`[data-run="${RUN}"] td.num`).filter({ hasText: '2026-06-01 08:00' }).waitFor();
  await command(page, 'Switch to dark theme');
  await other.locator('html[data-theme=dark]').waitFor();
});

test('a change of the zone draws the axis of a zoomed plot anew, and keeps what it shows', async ({
  openPage,
  hour,
}) => {
  const page = await openPage('light', undefined, 'Asia/Kolkata');
  const from = Date.UTC(2026, 5, 1, 8, 15) / 1000;
  await page.goto(`${hour}?tab=metrics&x=timestamp&from=${from}&to=${from + 900}`);
  const chip = page.getByTestId('range-chip');
  await chip.filter({ hasText: '08:15:00 to 08:30:00' }).waitFor();
  const card = page.getByTestId('metric-card').first();
  await card.getByTestId('plot-canvas').waitFor();
  expect((await drawnPlot(page, card)).x).toContain('08:20');
  const canvas = () => card.getByTestId('plot-canvas').evaluate((one: { toDataURL(): string }) => one.toDataURL());
  const [before, address] = [await canvas(), page.url()];
  await command(page, 'Show times in local time');
  await chip.filter({ hasText: '13:45:00 to 14:00:00' }).waitFor();
  await expect.poll(canvas).not.toBe(before);
  expect((await drawnPlot(page, card)).x).toContain('13:50');
  expect(await page.locator('main [aria-pressed=true]').allTextContents()).toContain('Wall, local');
  expect(page.url()).toBe(address);
  await command(page, 'Show times in UTC');
  await chip.filter({ hasText: '08:15:00 to 08:30:00' }).waitFor();
  await expect.poll(canvas).toBe(before);
});

test('the day of Home is that of the reader, and a phone has the command', async ({ openPage, collector, hour }) => {
  expect(hour).toContain(RUN);
  const page = await openPage('dark', undefined, 'Asia/Kolkata');
  await page.goto(`${collector.url}/home`);
  const day = page.getByTestId('day-tape');
  await day.getByText('Last 24 hours, UTC').waitFor();
  const lines = () => day.locator('svg.tape > path').evaluateAll((all) => all.map((one) => one.getAttribute('d')));
  const before = await lines();
  await page.setViewportSize(PHONE);
  await command(page, 'Show times in local time');
  await page.setViewportSize({ width: 1440, height: 900 });
  await day.getByText('Last 24 hours, local').waitFor();
  // Hours there begin at the half hours of UTC.
  await expect.poll(lines).not.toEqual(before);
  expect(await seriousFindings(page)).toEqual([]);
});
