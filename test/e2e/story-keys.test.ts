import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { pagesOf } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';
import { drawnPlot } from '../support/drawn-plot.ts';
import { moveTo, press } from '../support/keyboard.ts';
import { fillEveryPage } from '../support/page-filling.ts';

// Nothing here is clicked, and nothing gets the focus but by keys.
const test = pagesOf(() => TestCollector.start({ alertUnit: 'seconds' })).extend(
  'runs',
  { scope: 'file', auto: true },
  ({ collector }) => fillEveryPage(collector),
);

const cardOf = (page: Page, metric: string) => page.locator(`[data-testid=metric-card][data-metric="${metric}"]`);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const focused = (page: Page) => page.locator(':focus-visible');
const rows = (page: Page) => page.getByTestId('run-row');
const ticked = (page: Page) => page.getByTestId('tick').and(page.locator(':checked')).count();

/** Goes to a tab of a run: the strip is one stop, arrows go along it. */
async function openTab(page: Page, name: string): Promise<void> {
  await moveTo(page, page.getByRole('tab', { selected: true }));
  await moveTo(page, page.getByRole('tab', { name: new RegExp(`^${name}`) }), 'ArrowRight');
  await press(page, 'Enter');
  await page.getByRole('tab', { selected: true, name: new RegExp(`^${name}`) }).waitFor();
}

/** Filters the list of runs, and waits for what is left. */
async function filter(page: Page, words: string, left: number): Promise<void> {
  await press(page, '/');
  await page.keyboard.type(words);
  await press(page, 'Enter', 'Escape');
  await expect.poll(() => page.getByTestId('run-count').textContent()).toContain(`of ${left}`);
}

test('seed 000: a run is found by its tag and opened, and two of its metrics are drawn over time between 0 and 10', async ({
  openPage,
  collector,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs`);
  await rows(page).first().waitFor();
  await filter(page, 'has tag.LES', 3);
  await press(page, 'j', 'j', 'j');
  expect(await focused(page).textContent()).toBe('pitz-00');
  await press(page, 'Enter');
  await page.getByTestId('facts').waitFor();
  await openTab(page, 'Metrics');
  await cardOf(page, 'loss').locator('canvas').waitFor();
  await moveTo(page, page.getByTestId('display-all'));
  await press(page, 'Space');
  await page.getByText('No metric is picked.').waitFor();
  const metric = (name: string) => page.getByRole('checkbox', { name, exact: true });
  await moveTo(page, metric('residuals.p'), 'Shift+Tab');
  await press(page, 'Space');
  await moveTo(page, metric('loss'));
  await press(page, 'Space');
  await moveTo(page, button(page, 'Step'));
  await press(page, 'ArrowRight', 'Enter');
  const card = cardOf(page, 'picked metrics');
  await card.locator('canvas').waitFor();
  await moveTo(page, card.getByTestId('card-menu'));
  await press(page, 'Enter');
  // The menu that a key opened has the focus; arrows go along it.
  await expect.poll(() => focused(page).getAttribute('data-testid')).toBe('y-low');
  await page.keyboard.type('0');
  await press(page, 'ArrowDown');
  await page.keyboard.type('10');
  await press(page, 'ArrowDown');
  expect(await focused(page).getAttribute('data-testid')).toBe('configure');
  await press(page, 'Escape');
  await expect.poll(() => focused(page).getAttribute('data-testid')).toBe('card-menu');
  await expect.poll(async () => (await drawnPlot(page, card)).y).toEqual(['10', '8', '6', '4', '2', '0']);
  expect((await drawnPlot(page, card)).pieces).toHaveLength(2);
});

test('the menu of a plot that E opened is gone through, and Esc gives the focus back to the plot', async ({
  openPage,
  collector,
  runs,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${runs.first}?tab=metrics`);
  const plot = page.getByRole('slider', { name: 'Cursor of loss' });
  await plot.locator('canvas').waitFor();
  await moveTo(page, plot);
  await press(page, 'e');
  await expect.poll(() => focused(page).getAttribute('data-testid')).toBe('y-low');
  await moveTo(page, page.getByTestId('save-csv'), 'ArrowUp');
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
  expect(download.suggestedFilename()).toBe('loss.csv');
  await expect.poll(() => focused(page).getAttribute('aria-label')).toBe('Cursor of loss');
  await press(page, 'End');
  await expect.poll(() => plot.getAttribute('aria-valuetext')).toContain('step 39');
});

test('Enter on an event puts the cursor of the plots on its moment, and arrows go on from there', async ({
  openPage,
  collector,
}) => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'told', folder: '/told', status: 'running' })).json;
  const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 8, 0, second)).toISOString().replace('Z', '000');
  const metrics = Array.from({ length: 40 }, (_, step) => ({
    ...{ timestamp: at(step), time: step, step },
    values: { ramp: step },
  }));
  await collector.post('/metrics', { run: id, metrics });
  await collector.post('/events', { run: id, events: [{ message: 'mesh refined', timestamp: at(25) }] });
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${id}?tab=events`);
  await page.getByTestId('event-row').first().waitFor();
  await press(page, 'j', 'Enter');
  const plot = page.getByRole('slider', { name: 'Cursor of ramp' });
  await expect.poll(() => plot.getAttribute('aria-valuetext')).toBe('08:00:25: ramp 25');
  expect(await focused(page).getAttribute('aria-label')).toBe('Cursor of ramp');
  await page.getByTestId('event-at-cursor').filter({ hasText: 'mesh refined' }).waitFor();
  await press(page, 'ArrowRight');
  await expect.poll(() => plot.getAttribute('aria-valuetext')).toBe('08:00:26: ramp 26');
});

test('story 7: a rule is made, its evaluations are gone through with arrows, and it asks the run to stop', async ({
  openPage,
  collector,
}) => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'cavity', folder: '/cfd', status: 'running' })).json;
  let step = 0;
  const log = () => {
    const timestamp = new Date().toISOString().replace('Z', '000');
    const metrics = [{ timestamp, time: step, step: step++, values: { 'residuals.p': 10 ** (step / 20 - 4) } }];
    return collector.post('/metrics', { run: id, metrics });
  };
  await log();
  const timer = setInterval(() => void log(), 200);
  onTestFinished(() => clearInterval(timer));
  const page = await openPage('light', /422/);
  await page.goto(`${collector.url}/runs/${id}`);
  await page.getByTestId('facts').waitFor();
  await openTab(page, 'Alerts');
  await moveTo(page, button(page, 'Make one here'));
  await press(page, 'Enter');
  await page.getByTestId('alert-new').waitFor();
  await page.keyboard.type('divergence');
  await moveTo(page, page.getByTestId('alert-metric'));
  await press(page, 'Control+a');
  await page.keyboard.type('residuals.p');
  await press(page, 'Tab');
  await page.keyboard.type('is above');
  await moveTo(page, page.getByTestId('alert-low'));
  await page.keyboard.type('0.01');
  await moveTo(page, page.getByTestId('alert-window'));
  await press(page, 'Control+a');
  await page.keyboard.type('0.0000001');
  await moveTo(page, page.getByLabel('Abort the run when it fires'));
  await press(page, 'Space');
  await moveTo(page, page.getByTestId('confirm'));
  await press(page, 'Enter');
  // The field that is refused has the focus, and says why.
  await page.getByTestId('alert-wrong').waitFor();
  await expect.poll(() => focused(page).getAttribute('data-testid')).toBe('alert-window');
  await press(page, 'Control+a');
  await page.keyboard.type('2');
  await press(page, 'Enter');
  await page.getByTestId('alert-new').waitFor({ state: 'detached' });
  const row = page.getByTestId('alert-row').filter({ hasText: 'divergence' });
  await row.filter({ hasText: 'Firing' }).waitFor();
  clearInterval(timer);
  await moveTo(page, row.getByTestId('expand'));
  await press(page, 'Enter');
  await expect.poll(() => page.getByTestId('evaluation-row').count()).toBeGreaterThan(2);
  await moveTo(page, page.getByTestId('evaluation-row').first().getByRole('button'));
  await press(page, 'ArrowDown', 'ArrowDown');
  const time = (await focused(page).textContent()) ?? 'none';
  await page.getByTestId('why').filter({ hasText: time }).waitFor();
  await page.locator('[data-testid=evaluation-row][aria-selected=true]').filter({ hasText: time }).waitFor();
  expect((await collector.ask('GET', `/runs/${id}/abort`)).json.status).toBe(true);
});

const SWEEP = 30;
const CHOSEN = 20;

test('story 10: runs are filtered, twenty are ticked and compared, moved, zoomed, exported, and many deleted and brought back', async ({
  openPage,
  collector,
}) => {
  // A second try begins as the first did.
  const former = `/runs?filters=${encodeURIComponent('["folder.path == /sweep"]')}&count=${SWEEP}`;
  for (const { id } of (await collector.ask('GET', former)).json.data) await collector.ask('DELETE', `/runs/${id}`);
  for (let index = 0; index < SWEEP; index++) {
    const metadata = { lr: index < CHOSEN ? 0.001 + index / 10_000 : 0.5, optimiser: 'adam' };
    const name = `sweep-${String(index).padStart(2, '0')}`;
    const { id } = (await collector.ask('POST', '/runs', { name, folder: '/sweep', status: 'running', metadata })).json;
    const metrics = Array.from({ length: 20 }, (_, step) => ({
      ...{ timestamp: new Date(Date.now() - 60_000 + step * 1000).toISOString().replace('Z', '000'), time: step, step },
      values: { loss: 10 ** (-step / 5) * (1 + index) },
    }));
    await collector.post('/metrics', { run: id, metrics });
    await collector.ask('PUT', `/runs/${id}`, { status: 'completed' });
  }
  const page = await openPage();
  await page.goto(`${collector.url}/runs?sort=name`);
  await rows(page).first().waitFor();
  await filter(page, 'metadata.lr < 0.01', CHOSEN);
  await filter(page, 'status == completed', CHOSEN);
  await page
    .getByTestId('said')
    .filter({ hasText: `${CHOSEN} runs` })
    .waitFor({ state: 'attached' });
  await press(page, 'j', 'x', ...Array.from({ length: CHOSEN - 1 }, () => 'Shift+J'));
  await page
    .getByTestId('bulk-bar')
    .getByRole('status')
    .filter({ hasText: `${CHOSEN} selected` })
    .waitFor();
  expect(await focused(page).textContent()).toBe('sweep-19');
  await press(page, 'c');
  await page
    .getByTestId('compared')
    .filter({ hasText: `${CHOSEN} runs` })
    .waitFor();
  const heads = () => page.getByTestId('compared-run').getByRole('link').allTextContents();
  await moveTo(page, page.getByTestId('compared-run').getByRole('link').first());
  // The focus stays with the run that is moved, on either way.
  await press(page, 'Alt+ArrowRight', 'Alt+ArrowRight', 'Alt+ArrowLeft');
  await expect.poll(async () => (await heads()).slice(0, 3)).toEqual(['sweep-01', 'sweep-00', 'sweep-02']);
  expect(await focused(page).textContent()).toBe('sweep-00');
  await moveTo(page, page.getByTestId('differences'), 'Shift+Tab');
  await press(page, 'Space');
  await page.getByTestId('compare-row').filter({ hasText: 'optimiser' }).waitFor();
  const card = cardOf(page, 'loss');
  await card.locator('canvas').waitFor();
  await moveTo(page, card.getByRole('slider'));
  await press(page, 'Home', '+', '+');
  await button(page, 'Show all').waitFor();
  await press(page, '0');
  await button(page, 'Show all').waitFor({ state: 'detached' });

  await press(page, 'Control+k');
  await page.getByTestId('palette-input').waitFor();
  await page.keyboard.type('open runs');
  await expect.poll(() => page.getByTestId('palette-command').count()).toBe(1);
  await press(page, 'Enter');
  await rows(page).first().waitFor();
  // The last of the former filters.
  await press(page, '/', 'Alt+ArrowDown', 'ArrowDown', 'Enter', 'Escape');
  await expect.poll(() => page.getByTestId('run-count').textContent()).toContain(`of ${CHOSEN}`);
  await moveTo(page, page.getByTestId('export'));
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
  expect((await readFile(await download.path(), 'utf8')).trim().split('\r\n')).toHaveLength(1 + CHOSEN);
  await moveTo(page, page.getByTestId('tick-all'));
  await press(page, 'Space');
  await moveTo(page, page.getByTestId('bulk-compare'));
  await moveTo(page, page.getByTestId('bulk-delete'), 'ArrowRight');
  await press(page, 'Enter');
  await moveTo(page, page.getByTestId('confirm'));
  await press(page, 'Enter');
  await page
    .getByTestId('undo-toast')
    .filter({ hasText: `${CHOSEN} runs deleted` })
    .waitFor();
  await page.getByTestId('runs-dialog').waitFor({ state: 'detached' });
  await press(page, 'Control+z');
  await expect.poll(() => rows(page).count()).toBe(CHOSEN);
  await press(page, 'j');
  await rows(page).getByRole('link').and(focused(page)).waitFor();
  await press(page, 'x');
  await expect.poll(() => ticked(page)).toBe(1);
  await press(page, 'Escape');
  await expect.poll(() => ticked(page)).toBe(0);
});
