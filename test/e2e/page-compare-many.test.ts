import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { saveArtifact } from '../support/artifact-client.ts';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { inRepository } from '../support/repository.ts';

const TIMEOUT = { timeout: 20_000 };
const RUNS = 40;
const STEPS = 50;
const pictures = inRepository('.cache/screenshots');
const test = pageTest.extend('ids', { scope: 'file' }, async ({ collector }): Promise<readonly string[]> => {
  await mkdir(pictures, { recursive: true });
  const ids: string[] = [];
  for (let index = 0; index < RUNS; index++) {
    const metadata = { Re: 1000 * ((index * 7) % RUNS), solver: index % 2 === 0 ? 'PCG' : 'GAMG' };
    const run = {
      name: `sweep of the plate ${String(index).padStart(2, '0')}`,
      folder: '/sweep',
      status: 'running',
      metadata,
    };
    const { id } = (await collector.ask('POST', '/runs', run)).json;
    const metrics = Array.from({ length: STEPS }, (_, step) => ({
      ...{ timestamp: new Date().toISOString().replace('Z', '000'), time: step, step },
      values: {
        loss: (1 + index / 10) / (step + 1),
        'residuals.p': 10 ** (-step / 20),
        lift: Math.sin(step / 5 + index),
      },
    }));
    await collector.post('/metrics', { run: id, metrics });
    ids.push(id);
  }
  for (const [index, mesh] of ['coarse', 'fine', 'coarse'].entries()) {
    const run = { id: ids[index] ?? '', category: 'input' };
    await saveArtifact(collector, Buffer.from(mesh), { name: 'plate.msh' }, run);
    await saveArtifact(collector, Buffer.from('the same'), { name: 'case.yaml' }, run);
  }
  return ids;
});

const address = (url: string, ids: readonly string[]) =>
  `${url}/compare?${new URLSearchParams(ids.map((id): [string, string] => ['run', id]))}`;
const row = (page: Page, name: string) => page.getByTestId('compare-row').filter({ hasText: name }).locator('td');
const heads = async (page: Page) =>
  (await page.getByTestId('compared-run').locator('a').allTextContents()).map((name) => Number(name.slice(-2)));

test('the lines of all runs in a plot come in one request, and so does all else of the runs', async ({
  openPage,
  collector,
  ids,
}) => {
  const page = await openPage();
  const asked: URL[] = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  await page.goto(address(collector.url, ids));
  await page.getByText('12 of 40 lines drawn').nth(2).waitFor();
  await page.getByRole('button', { name: 'all 40' }).first().click();
  await page.locator('.plot[data-points="2000"]').waitFor();
  const plots = asked.filter(({ pathname }) => pathname === '/api/plots');
  const runsOf = ({ searchParams }: URL) => Object.keys(JSON.parse(searchParams.get('series') ?? '{}')).length;
  expect(new Set(plots.map(runsOf))).toEqual(new Set([12, RUNS]));
  expect(asked.some(({ pathname }) => pathname === '/api/comparison')).toBe(true);
  expect(asked.filter(({ pathname }) => pathname.startsWith('/api/runs/'))).toEqual([]);
  await page.getByText('The first 36 of 40 runs.').waitFor();
  await page.getByText('colours repeat after 36 runs').waitFor();
  await page.screenshot({ path: `${pictures}/compare-many-light.png` });
  await page.getByTestId('all-runs').click();
  await expect.poll(() => page.getByTestId('compared-run').count(), TIMEOUT).toBe(RUNS);
});

test('runs are ordered by a row of theirs, by a drag and by keys, and the link keeps it', async ({
  openPage,
  collector,
  ids,
}) => {
  const page = await openPage('dark');
  const mixed = [2, 0, 3, 1].flatMap((index) => ids[index] ?? []);
  await page.goto(address(collector.url, mixed));
  await page.getByRole('button', { name: 'Re', exact: true }).click();
  await expect.poll(() => row(page, 'Re').allTextContents(), TIMEOUT).toEqual(['0', '7000', '14000', '21000']);
  await page.getByRole('button', { name: 'Re', exact: true }).click();
  await expect.poll(() => heads(page), TIMEOUT).toEqual([3, 2, 1, 0]);
  await page.getByTestId('compared-run').nth(0).dragTo(page.getByTestId('compared-run').nth(2));
  await expect.poll(() => heads(page), TIMEOUT).toEqual([2, 1, 3, 0]);
  await page.getByTestId('compared-run').nth(3).locator('a').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => heads(page), TIMEOUT).toEqual([2, 1, 0, 3]);
  await page.reload();
  await expect.poll(() => heads(page), TIMEOUT).toEqual([2, 1, 0, 3]);
});

test('the rows are ordered by name and by difference with the keyboard, a reader of the screen is told how, and the link keeps it', async ({
  openPage,
  collector,
  ids,
}) => {
  const page = await openPage();
  await page.goto(address(collector.url, ids.slice(0, 4)));
  const names = async () => {
    const all = await page.getByTestId('sort-by').allTextContents();
    return all.map((name) => name.trim().split(' ')[0]).filter((name) => /^(Re|solver|lift|loss)$/.test(name ?? ''));
  };
  const head = page.getByRole('columnheader').first();
  await expect.poll(names, TIMEOUT).toHaveLength(4);
  expect(await head.getAttribute('aria-sort')).toBe('none');
  await page.getByTestId('rows-by-name').press('Enter');
  await expect.poll(names, TIMEOUT).toEqual(['Re', 'solver', 'lift', 'loss']);
  expect(await head.getAttribute('aria-sort')).toBe('ascending');
  await page.getByTestId('rows-by-name').press('Enter');
  await expect.poll(names, TIMEOUT).toEqual(['solver', 'Re', 'loss', 'lift']);
  expect(await head.getAttribute('aria-sort')).toBe('descending');
  await page.getByTestId('rows-by-spread').press('Space');
  await expect.poll(names, TIMEOUT).toEqual(['Re', 'solver', 'lift', 'loss']);
  expect(await head.getAttribute('aria-sort')).toBe('other');
  await page.reload();
  await expect.poll(names, TIMEOUT).toEqual(['Re', 'solver', 'lift', 'loss']);
  expect(await page.getByTestId('rows-by-spread').getAttribute('aria-pressed')).toBe('true');
  expect(await seriousFindings(page)).toEqual([]);
});

test('inputs that differ are told by their checksums', async ({ openPage, collector, ids }) => {
  const page = await openPage();
  await page.goto(address(collector.url, ids.slice(0, 4)));
  const cells = row(page, 'plate.msh');
  await expect.poll(() => cells.allTextContents(), TIMEOUT).toEqual(['baseline', 'diff', 'same', '–']);
  expect(await cells.evaluateAll((all) => all.map((cell) => cell.classList.contains('dv')))).toEqual([
    false,
    true,
    false,
    true,
  ]);
  await page.screenshot({ path: `${pictures}/compare-inputs-light.png` });
  expect(await seriousFindings(page)).toEqual([]);
});
