import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { saveArtifact } from '../support/artifact-client.ts';
import { pagesOf } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';

const RUN = 'largelargelargelargela';
const OTHER = 'otherotherotherotherot';
const METRICS = 2_000;
const ARTIFACTS = 200;
/** A page of many things holds those on the screen and near it: some forty elements a card. */
const MOST_ELEMENTS = 6_000;
const SOON = { timeout: 20_000 };
const START_SECONDS = 1_790_000_000;

async function post(collector: TestCollector, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${collector.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** Three points of each of many metrics; those of another run have other names. */
async function postMetrics(collector: TestCollector, run: string, prefix: string): Promise<void> {
  const metrics = Array.from({ length: METRICS }, (_, index) => ({
    name: `${prefix}${index}`,
    gauge: {
      dataPoints: [0, 1, 2].map((step) => ({
        timeUnixNano: `${START_SECONDS + step}000000000`,
        asDouble: Math.sin(index + step),
        attributes: [{ key: 'simvue.metric.step', value: { intValue: String(step) } }],
      })),
    },
  }));
  const attributes = [{ key: 'simvue.run.id', value: { stringValue: run } }];
  await post(collector, '/v1/metrics', {
    resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }],
  });
}

const test = pagesOf(async () => {
  const collector = await TestCollector.start();
  await postMetrics(collector, RUN, 'm');
  await postMetrics(collector, OTHER, 'other');
  for (let index = 0; index < ARTIFACTS; index++) {
    const name = `part${index % 3}/file-${String(index).padStart(3, '0')}.txt`;
    await saveArtifact(collector, Buffer.from(name), { name }, { id: RUN, category: 'output' });
  }
  return collector;
});

const elements = (page: Page): Promise<number> => page.evaluate('document.getElementsByTagName("*").length');

test('of thousands of metrics the page holds those that are seen, and each is found', async ({
  openPage,
  collector,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${RUN}?tab=metrics`);
  await page.locator('[data-metric=m0] canvas').waitFor();
  expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
  await page.locator('.mtree').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await page
    .locator('.mtree a')
    .filter({ hasText: `m${METRICS - 1}` })
    .click();
  await page.locator(`[data-metric=m${METRICS - 1}] canvas`).waitFor();
  await expect
    .poll(() => page.evaluate('document.activeElement.closest("[data-metric]")?.dataset.metric'), SOON)
    .toBe(`m${METRICS - 1}`);
  expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
  await page.locator('.mscroll').evaluate((list) => list.scrollTo(0, list.scrollHeight / 2));
  await page.locator(`[data-metric=m${METRICS / 2}] canvas`).waitFor();
  expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
  await page.getByTestId('metric-filter').fill('m199');
  await expect.poll(() => page.getByTestId('metric-card').count(), SOON).toBe(11);
  await page.locator('[data-metric=m1999] canvas').waitFor();
});

test('a tree of many artifacts is walked to its ends by keyboard', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${RUN}?tab=artifacts`);
  const rows = page.getByTestId('artifact-row');
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(ARTIFACTS);
  await rows.first().click();
  await page.keyboard.press('End');
  await expect.poll(() => page.locator(':focus').textContent(), SOON).toContain('file-197.txt');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => page.locator(':focus').textContent(), SOON).toContain('file-194.txt');
  await page.keyboard.press('Home');
  await expect.poll(() => page.locator(':focus').textContent(), SOON).toContain('Outputs');
  expect(await rows.count()).toBeLessThan(ARTIFACTS);
});

test('a comparison of runs with thousands of rows shows some, and more when asked', async ({ openPage, collector }) => {
  const page = await openPage();
  await page.goto(`${collector.url}/compare?run=${RUN}&run=${OTHER}`);
  const rows = page.getByTestId('compare-row');
  await rows.first().waitFor();
  const first = await rows.count();
  expect(first).toBeLessThan(1000);
  await page.getByTestId('more-rows').last().click();
  await expect.poll(() => rows.count(), SOON).toBeGreaterThan(first);
});
