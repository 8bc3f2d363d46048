import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from '../support/browser.ts';
import type { TestProcess } from '../support/child-process.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { startDemoProgram } from '../support/demo-process.ts';
import { drawnPlot } from '../support/drawn-plot.ts';
import { inRepository } from '../support/repository.ts';

/** The tutorial ten times as fast. */
const ITERATIONS = 300;
const INTERVAL_SECONDS = 0.1;
const STEPS = ['0', '50', '100', '150', '200', '250'];
const pictures = inRepository('.cache/screenshots/story');
let browser: Browser;
let collector: CollectorProcess;
let program: TestProcess;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchBrowser();
  collector = await CollectorProcess.start();
  watched = await openPage(browser, 'light');
  ({ page } = watched);
});
afterAll(async () => {
  if (program?.isRunning) await program.end('SIGKILL');
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

const cardOf = (title: string) => page.locator(`[data-testid=metric-card][data-metric="${title}"]`);
const points = (title: string) => cardOf(title).locator('.plot').getAttribute('data-points').then(Number);
const tab = (name: string) => page.getByTestId(`tab-${name}`).click();
const row = (testid: string, text: string | RegExp) => page.getByTestId(testid).filter({ hasText: text });
const filter = async (words: string) => {
  const bar = page.getByRole('combobox', { name: 'Add a filter' });
  await bar.fill(words);
  await bar.press('Enter');
};
const picture = (name: string) => page.screenshot({ path: `${pictures}/${name}.png` });

test('the run appears in the list by itself, running, with its folder and tags', async () => {
  await page.goto(collector.url);
  await page.getByTestId('fresh-install').waitFor();
  program = startDemoProgram(collector.url, ITERATIONS, INTERVAL_SECONDS);
  const run = row('run-row', /random-numbers-\d+/);
  await run.waitFor();
  await run.filter({ hasText: 'Running' }).waitFor();
  const text = await run.textContent();
  for (const part of ['/rand_nums', 'random-numbers', 'v1']) expect(text).toContain(part);
});

test('a tag finds it, and no other tag does', async () => {
  await filter('has tag.completed');
  await page.getByTestId('empty-result').waitFor();
  await page.getByRole('button', { name: 'Remove filter' }).click();
  await filter('has tag.random-numbers');
  await row('run-row', 'random-numbers').waitFor();
  expect(await page.getByTestId('filter-chip').textContent()).toContain('random-numbers');
});

test('the metrics grow while it runs: a plot each, the averages in one', async () => {
  await row('run-row', 'random-numbers')
    .getByRole('link', { name: /random-numbers-\d+/ })
    .click();
  await tab('metrics');
  await cardOf('random_number').locator('canvas').waitFor();
  // The statistic comes with the first step that does not divide by zero.
  const titles = async () => (await page.getByTestId('metric-card').getByRole('heading').allTextContents()).sort();
  await expect.poll(titles, { timeout: 20_000 }).toEqual(['averages', 'new_stat', 'random_number']);
  expect(await cardOf('averages').getByTestId('legend').locator('code').allTextContents()).toEqual([
    'mean',
    'median',
    'mode',
  ]);
  const before = await points('random_number');
  await expect.poll(() => points('random_number'), { timeout: 20_000 }).toBeGreaterThan(before + 3);
  expect((await drawnPlot(page, cardOf('averages'))).pieces).toEqual([1, 1, 1]);
});

test('both alerts are there with their rules and states, and a range of 9 to 10 fires', async () => {
  await tab('alerts');
  const zero = row('alert-row', 'zero_division_error');
  await zero.filter({ hasText: /OK|Firing/ }).waitFor();
  await zero.getByTestId('expand').click();
  // The first iteration fires it; it is OK again when a window has no such event.
  await row('evaluation-row', 'firing').first().waitFor();
  await zero.getByTestId('expand').click();
  expect(await zero.textContent()).toContain('a message contains “Division by Zero Error”, each 0.1 min');
  const mean = row('alert-row', 'mean_outside_acceptable_range');
  await mean.filter({ hasText: /OK|Firing/ }).waitFor();
  expect(await mean.textContent()).toContain(
    'averages.mean is outside range 4 to 6, average over 0.2 min, each 0.1 min',
  );

  await page.getByTestId('new-alert').click();
  await page.getByTestId('alert-name').fill('mean_far_away');
  await page.getByTestId('alert-metric').fill('averages.mean');
  await page.getByLabel('Rule', { exact: true }).selectOption('is outside range');
  await page.getByTestId('alert-low').fill('9');
  await page.getByTestId('alert-high').fill('10');
  await page.getByTestId('alert-window').fill('0.1');
  await page.getByTestId('alert-frequency').fill('0.05');
  await page.getByTestId('confirm').click();
  const far = row('alert-row', 'mean_far_away');
  await far.filter({ hasText: 'Firing' }).waitFor();
  await far.getByTestId('expand').click();
  await row('evaluation-row', 'firing').first().waitFor();
  await page.getByTestId('why').waitFor();
  await picture('alerts');
});

test('the resources tab shows processor and memory over time', async () => {
  await tab('resources');
  const cpu = page.getByTestId('metric-card').filter({ hasText: /cpu/i }).first();
  const memory = page
    .getByTestId('metric-card')
    .filter({ hasText: /memory/i })
    .first();
  for (const card of [cpu, memory]) {
    await card.locator('canvas').waitFor({ timeout: 25_000 });
    await expect
      .poll(async () => Number(await card.locator('.plot').getAttribute('data-points')), { timeout: 25_000 })
      .toBeGreaterThanOrEqual(2);
  }
  expect([await cpu.textContent(), await memory.textContent()]).toEqual([
    expect.stringMatching(/cpu.*%/),
    expect.stringMatching(/memory.*MiB/),
  ]);
  await picture('resources');
});

test('the program ends, and the overview says when, where, by whom, and what it is', async () => {
  const { code, stderr } = await program.exited;
  expect([code, stderr]).toEqual([0, '']);
  await tab('overview');
  await page.getByTestId('status').filter({ hasText: 'Completed' }).first().waitFor();
  const text = await page.getByRole('main').textContent();
  for (const part of ['Started', 'Ran for', 'Ended', 'host.name', 'nodejs', process.version.slice(1), process.platform])
    expect(text).toContain(part);
  expect(text).toContain('Monitoring of the generation of random integers between 0 and 10.');
  for (const part of ['/rand_nums', 'random-numbers', 'v1', 'completed']) expect(text).toContain(part);
  // The last points may come a moment after the end.
  await expect.poll(() => page.getByTestId('fact-step').textContent()).toContain(String(ITERATIONS - 1));
  await picture('overview');
});

test('every step is there; new_stat has a point for each step that did not divide by zero, and a gap for the others', async () => {
  await tab('events');
  await page.getByTestId('event-search').fill('Division by Zero Error');
  const counts = page.getByText(/ events?, newest first/);
  await row('event-row', 'Division by Zero Error').first().waitFor();
  await expect.poll(() => page.getByTestId('event-row').filter({ hasText: 'Mean has changed' }).count()).toBe(0);
  const divisions = Number.parseInt((await counts.textContent()) ?? '', 10);
  expect(divisions).toBeGreaterThan(0);
  await page.getByTestId('event-search').fill('Random Number Generation');
  await expect.poll(() => page.getByTestId('event-row').count()).toBe(2);
  const [last, first] = await page.getByTestId('event-row').allTextContents();
  expect([first, last]).toEqual([expect.stringContaining('Started!'), expect.stringContaining('Completed!')]);
  await page.getByTestId('event-search').fill('Mean has changed');
  await expect.poll(() => counts.textContent()).toContain(`${ITERATIONS} events`);
  expect(await page.getByTestId('event-row').first().textContent()).toContain('debug');
  await page.getByRole('button', { name: 'Info', exact: true }).click();
  await page.getByText('No event matches.').waitFor();

  await tab('metrics');
  await cardOf('random_number').getByText(`${ITERATIONS} points`).waitFor();
  await cardOf('averages')
    .getByText(`${3 * ITERATIONS} points`)
    .waitFor();
  await expect.poll(() => points('new_stat')).toBe(ITERATIONS - divisions);
  const { x } = await drawnPlot(page, cardOf('random_number'));
  expect(x).toEqual(STEPS);
  await picture('metrics');
});

test('one plot of two metrics over time with y from 0 to 10, as the tutorial draws it', async () => {
  await page.getByTestId('display-all').uncheck();
  for (const name of ['random_number', 'averages.mean'])
    await page.getByRole('checkbox', { name, exact: true }).check();
  await page.getByRole('button', { name: 'Time', exact: true }).click();
  const card = cardOf('picked metrics');
  await card.locator('canvas').waitFor();
  await card.getByTestId('card-menu').click();
  await page.getByTestId('y-low').fill('0');
  await page.getByTestId('y-high').fill('10');
  await page.getByTestId('y-high').press('Tab');
  await page.keyboard.press('Escape');
  await card.getByText(`${2 * ITERATIONS} points`).waitFor();
  const plot = await drawnPlot(page, card);
  expect(plot.pieces).toHaveLength(2);
  expect(plot.y).toEqual(['10', '8', '6', '4', '2', '0']);
  expect(plot.x).toContainEqual(expect.stringMatching(/^\d:\d\d$/));
  expect(await card.getByTestId('legend').textContent()).toMatch(/random_number[\s\S]*averages\.mean/);
  await picture('single');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(async () => (await drawnPlot(page, card)).x).toEqual(STEPS);
  await page.getByTestId('display-all').check();
  await expect.poll(() => page.getByTestId('metric-card').count()).toBe(3);
});

test('the artifacts are a program under Code and JSON and arrays under Outputs, each shown as what it is', async () => {
  await tab('artifacts');
  const viewer = page.getByTestId('artifact-viewer');
  const open = (name: string) => row('artifact-row', name).click();
  await open('random-numbers.js');
  await viewer.locator('.sx-kw').filter({ hasText: 'import' }).first().waitFor();
  expect(await page.getByRole('treeitem', { level: 1 }).allTextContents()).toEqual([
    expect.stringMatching(/^\s*Code/),
    expect.stringMatching(/^\s*Output/),
  ]);
  await picture('artifacts');
  await open('averages_out.json');
  await viewer.getByText('"mean"').first().waitFor();
  for (const name of ['all_random_numbers', 'percentage_changes_in_mean']) {
    await open(name);
    await viewer
      .getByText(new RegExp(`\\b${ITERATIONS}\\b`))
      .first()
      .waitFor();
  }
});

test('metadata and activity show what was set and what became of it', async () => {
  await tab('metadata');
  const metadata = row('metadata-row', 'number_of_iterations');
  expect(await metadata.textContent()).toContain(String(ITERATIONS));
  expect(await row('metadata-row', /^mean/).textContent()).toMatch(/mean\s*\d/);
  expect(await row('metadata-row', 'result_converged').textContent()).toMatch(/true|false/);
  await tab('activity');
  for (const text of ['completed', 'mean']) await row('activity-row', text).first().waitFor();
});

test('the folder tells what it is for', async () => {
  await page.getByTestId('nav-folders').click();
  const text = await row('folder-row', '/rand_nums').textContent();
  for (const part of ['environment', 'testing', 'random-numbers', 'Stores all runs which monitor'])
    expect(text).toContain(part);
});

test('a second run is aborted from the page and ends terminated; the tag completed finds the first alone', async () => {
  program = startDemoProgram(collector.url, 10_000, INTERVAL_SECONDS);
  await page.getByTestId('nav-runs').click();
  const running = row('run-row', 'Running');
  await running.getByRole('link', { name: /random-numbers-\d+/ }).click();
  await page.getByTestId('abort-run').click();
  await page.getByTestId('confirm').click();
  await page.getByTestId('status').filter({ hasText: 'Terminated' }).first().waitFor();
  expect((await program.exited).signal).toBe('SIGTERM');
  await page.getByTestId('nav-runs').click();
  await expect.poll(() => page.getByTestId('run-row').count()).toBe(2);
  await filter('has tag.completed');
  await expect.poll(() => page.getByTestId('run-row').count()).toBe(1);
  await row('run-row', 'Completed').waitFor();
  await picture('runs');
  expect(watched.complaints).toEqual([]);
});
