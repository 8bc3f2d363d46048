import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../test/support/browser.ts';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { LoadProcess } from '../test/support/load/load-process.ts';
import { loadRunId } from '../test/support/load/load-values.ts';
import { atMost, type BenchRow, isShort, median, printRows } from './bench-report.ts';

const REPEATS = isShort ? 3 : 9;
const FRAMES_SECONDS = isShort ? 1 : 3;
const LIVE_SECONDS = isShort ? 4 : 15;
const BIG_POINTS = isShort ? 200_000 : 1_000_000;
const COMPARED = { runs: isShort ? 5 : 20, points: isShort ? 20_000 : 100_000 };
const LIVE_RATE = 1000;
const REQUEST_POINTS = 5000;
/** A sixtieth of a second, and what the clock of frames varies by. */
const MOST_FRAME_MILLIS = 17;
const WATCH_FRAMES = `globalThis.frameMillis = []; let last;
requestAnimationFrame(function frame(now) {
  if (last !== undefined) frameMillis.push(now - last);
  last = now;
  requestAnimationFrame(frame);
});`;
/** Waits until a plot has drawn at least so many points, and for the frame after it. */
const DRAWN = `(least) => new Promise((resolve) => {
  requestAnimationFrame(function look(now) {
    const plot = document.querySelector('.plot:has(canvas)');
    if (Number(plot?.dataset.points) >= least) requestAnimationFrame(resolve);
    else requestAnimationFrame(look);
  });
})`;
const OPEN_METRICS = `(async () => {
  const begun = performance.now();
  document.querySelector('[data-testid=tab-metrics]').click();
  await (${DRAWN})(1);
  return performance.now() - begun;
})()`;
const count = (value: number): string => value.toLocaleString('en');

await using collector = await CollectorProcess.start();
const browser = await launchBrowser();
try {
  const big = await load(1, BIG_POINTS);
  printRows([...(await runPage(browser, big)), ...(await comparison(browser)), await liveUpdates(browser)]);
} finally {
  await browser.close();
}

/** Makes runs of one metric each. @returns the prefix of their ids. */
async function load(runs: number, points: number): Promise<string> {
  const { prefix } = await new LoadProcess(`${collector.url}/v1/metrics`, {
    runs,
    metrics: 1,
    connections: 1,
    steps: REQUEST_POINTS / runs,
    requests: (points * runs) / REQUEST_POINTS,
    seconds: 600,
  }).report();
  return prefix;
}

async function runPage(browser: Browser, prefix: string): Promise<BenchRow[]> {
  const { page, context } = await openPage(browser, 'light');
  const address = `${collector.url}/runs/${loadRunId(prefix, 0)}`;
  const paints: number[] = [];
  const opened: number[] = [];
  for (let round = 0; round <= REPEATS; round++) {
    await page.goto(address);
    await page.getByTestId('facts').waitFor();
    paints.push(await page.evaluate('performance.getEntriesByName("first-contentful-paint")[0].startTime'));
    opened.push(await page.evaluate(OPEN_METRICS));
  }
  // The first round fills the cache of the browser.
  const rows = [
    atMost('first paint of the run page, reload', median(paints.slice(1)), 300, 'ms', 0),
    atMost(
      `the plot of ${count(BIG_POINTS)} points, from the click to the frame`,
      median(opened.slice(1)),
      300,
      'ms',
      0,
    ),
    ...(await frames(page, `the cursor over the plot of ${count(BIG_POINTS)} points`)),
    ...(await panned(page, `the plot of ${count(BIG_POINTS)} points`)),
  ];
  await context.close();
  return rows;
}

async function comparison(browser: Browser): Promise<BenchRow[]> {
  const prefix = await load(COMPARED.runs, COMPARED.points);
  const ids = Array.from({ length: COMPARED.runs }, (_, index) => `run=${loadRunId(prefix, index)}`);
  const { page, context } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/compare`);
  const begun = performance.now();
  await page.goto(`${collector.url}/compare?${ids.join('&')}`);
  await page.evaluate(`(${DRAWN})(${COMPARED.runs})`);
  const millis = performance.now() - begun;
  const what = `${COMPARED.runs} runs of ${count(COMPARED.points)} points`;
  const rows = [
    atMost(`the comparison of ${what}, from the address to the frame`, millis, 1000, 'ms', 0),
    ...(await frames(page, `the cursor over ${what}`)),
    ...(await panned(page, what)),
  ];
  await context.close();
  return rows;
}

/** Processor time of all processes of the browser while a run is watched that logs all the time. */
async function liveUpdates(browser: Browser): Promise<BenchRow> {
  const { page, context } = await openPage(browser, 'light');
  const prefix = 'live0';
  const feeding = new LoadProcess(`${collector.url}/v1/metrics`, {
    prefix,
    runs: 1,
    metrics: 10,
    steps: 10,
    connections: 1,
    rate: LIVE_RATE,
    seconds: LIVE_SECONDS + 5,
  });
  await collectorHas(loadRunId(prefix, 0));
  await page.goto(`${collector.url}/runs/${loadRunId(prefix, 0)}?tab=metrics`);
  await page.evaluate(`(${DRAWN})(1)`);
  const cdp = await browser.newBrowserCDPSession();
  const before = await processorSeconds(cdp);
  await page.waitForTimeout(LIVE_SECONDS * 1000);
  const used = (await processorSeconds(cdp)) - before;
  await feeding.report();
  await context.close();
  return atMost(
    `live page of 10 metrics at ${count(LIVE_RATE)} points/s, all processes of the browser`,
    (100 * used) / LIVE_SECONDS,
    30,
    '% of a core',
  );
}

async function collectorHas(runId: string): Promise<void> {
  while ((await collector.rest.runs({ filters: [] })).data.every(({ id }) => id !== runId)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function processorSeconds(cdp: CDPSession): Promise<number> {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Frame times while a third of the first plot, chosen by a box, is dragged to and fro. */
async function panned(page: Page, what: string): Promise<BenchRow[]> {
  const box = await page.locator('.u-over').first().boundingBox();
  if (box === null) throw new Error('no plot is shown');
  const before = await page.locator('.plot').first().getAttribute('data-points');
  const drag = (share: number): Promise<void> => page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
  await drag(0.33);
  await page.mouse.down();
  await drag(0.66);
  await page.mouse.up();
  const points = page.locator('.plot').first();
  while ((await points.getAttribute('data-points')) === before) await page.waitForTimeout(20);
  await page.keyboard.down('Shift');
  await page.mouse.down();
  const rows = await frames(page, `dragging a third of ${what}`);
  await page.mouse.up();
  await page.keyboard.up('Shift');
  return rows;
}

/** Frame times while the pointer moves over the first plot, as a user sees them. */
async function frames(page: Page, what: string): Promise<BenchRow[]> {
  const box = await page.locator('.u-over').first().boundingBox();
  if (box === null) throw new Error('no plot is shown');
  await page.evaluate(WATCH_FRAMES);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const before = await taskSeconds(cdp);
  const end = performance.now() + FRAMES_SECONDS * 1000;
  for (let step = 0; performance.now() < end; step++) {
    await page.mouse.move(box.x + ((step * 7) % box.width), box.y + box.height / 2);
  }
  const seconds: number[] = await page.evaluate('frameMillis');
  const busy = (await taskSeconds(cdp)) - before;
  const sorted = seconds.toSorted((a, b) => a - b);
  return [
    atMost(
      `${what}: frame time, 95th percentile`,
      sorted[Math.floor(0.95 * sorted.length)] ?? 0,
      MOST_FRAME_MILLIS,
      'ms',
    ),
    atMost(`${what}: work of the page a frame, mean`, (1000 * busy) / sorted.length, 8, 'ms', 2),
  ];
}

async function taskSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}
