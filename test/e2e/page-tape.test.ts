import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { OtlpRun } from '../support/otlp-run.ts';

const RUN = 'tape0000000000000000aa';
const LIFE_SECONDS = 3600;
const EVENTS = 60;

/** With a run of an hour that says something each minute. */
const test = pageTest.extend('hour', { scope: 'file' }, async ({ collector }) => {
  const run = new OtlpRun(collector.url, RUN, Date.UTC(2026, 5, 1, 8));
  await run.start();
  for (let minute = 0; minute < EVENTS; minute++) await run.event(`minute ${minute}`, minute * 60 + 1);
  const points = Array.from({ length: LIFE_SECONDS / 10 }, (_, index) => [index * 10, Math.sin(index / 20)] as const);
  await run.points('wave', points);
  await run.end(LIFE_SECONDS);
  return `${collector.url}/runs/${RUN}`;
});

/** Drags over a part of the tape, given in shares of its width. */
async function drag(page: Page, from: number, to: number) {
  const box = await page.getByTestId('tape-range').boundingBox();
  if (box === null) throw new Error('The tape is not there');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 4 });
  await page.mouse.up();
}
const firstRow = (page: Page) => page.getByTestId('event-row').first();

describe('the tape of a run', () => {
  test('chooses the part of it that events, metrics and alerts show, and the address keeps it', async ({
    openPage,
    hour,
  }) => {
    const page = await openPage('light');
    await page.goto(`${hour}?tab=events`);
    await firstRow(page).filter({ hasText: 'minute 59' }).waitFor();
    await drag(page, 0.25, 0.5);
    await firstRow(page).filter({ hasText: 'minute 29' }).waitFor();
    await page.getByText(/^15 events/).waitFor();
    expect(await page.getByTestId('part-chip').textContent()).toMatch(/08:15:\d\d to 08:(29:5|30:0)\d/);
    expect(await seriousFindings(page)).toEqual([]);
    await page.reload();
    await page.getByText(/^15 events/).waitFor();
    await page.getByTestId('tab-metrics').click();
    await page.getByTestId('range-chip').filter({ hasText: '08:15' }).waitFor();
    await page.getByTestId('tape-part').waitFor();
    await page.getByTestId('tab-events').click();
    await page.getByTestId('tape-range').dblclick();
    await firstRow(page).filter({ hasText: 'minute 59' }).waitFor();
    expect(await page.getByTestId('part-chip').count()).toBe(0);
  });

  test('is moved with the keys, a tick each, and given back with Escape', async ({ openPage, hour }) => {
    const page = await openPage('dark');
    await page.goto(`${hour}?tab=events`);
    await firstRow(page).waitFor();
    const end = page.getByRole('slider', { name: 'End of the part' });
    await end.focus();
    for (let tick = 0; tick < 10; tick++) await page.keyboard.press('ArrowLeft');
    await firstRow(page).filter({ hasText: 'minute 49' }).waitFor();
    expect(await end.getAttribute('aria-valuetext')).toBe('08:50:00 UTC');
    await page.getByRole('slider', { name: 'Start of the part' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/^49 events/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText(/^60 events/).waitFor();
  });

  test('keeps the time in which the run was lost when it is back', async ({ openPage, collector }) => {
    const id = (await collector.ask('POST', '/runs', { name: 'back', folder: '/', status: 'running' })).json.id;
    await collector.ask('PUT', `/runs/${id}`, { status: 'lost' });
    await collector.ask('PUT', `/runs/${id}/heartbeat`);
    const page = await openPage('light');
    await page.goto(`${collector.url}/runs/${id}`);
    await page.getByTestId('tape-lost').waitFor({ state: 'attached' });
  });

  test('shows since when an alert fires, and the overview says it in words', async ({ openPage, collector }) => {
    const post = async (path: string, body: unknown) => (await collector.ask('POST', path, body)).json;
    const { id: alert } = await post('/alerts', { name: 'too hot', source: 'user' });
    const { id } = await post('/runs', { name: 'hot', folder: '/', status: 'running', alerts: [alert] });
    await collector.ask('PUT', `/alerts/${alert}/status/${id}`, { status: 'critical' });
    const page = await openPage('light');
    await page.goto(`${collector.url}/runs/${id}`);
    await page.getByTestId('tape-firing').waitFor({ state: 'attached' });
    const banner = page.getByTestId('firing-now');
    expect(await banner.textContent()).toMatch(/too hot is firing since \d\d:\d\d:\d\d/);
    expect(await seriousFindings(page)).toEqual([]);
    await banner.getByRole('link', { name: 'Open alerts' }).click();
    await page.getByTestId('alert-row').filter({ hasText: 'too hot' }).waitFor();
  });
});
