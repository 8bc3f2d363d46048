import { expect } from 'vitest';
import { pagesOf } from '../support/browser-test.ts';
import { TestCollector } from '../support/collector-app.ts';

const POINT_MILLISECONDS = 200;

const test = pagesOf(() => TestCollector.start({ alertUnit: 'seconds' }));

/** A solver whose residual is `value` for as long as it runs. */
function startSolver(collector: TestCollector, run: string) {
  let value = 1e-4;
  let step = 0;
  const timer = setInterval(() => {
    const timestamp = new Date().toISOString().replace('Z', '000');
    const metrics = [{ timestamp, time: step, step: step++, values: { 'residuals.p': value } }];
    collector.post('/metrics', { run, metrics }).catch(() => clearInterval(timer));
  }, POINT_MILLISECONDS);
  return {
    setResidual: (next: number) => {
      value = next;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

test('a residual that diverges: the rule is made on the page, fires, asks the run to stop, is explained, and calms down', async ({
  openPage,
  collector,
}) => {
  const { json } = await collector.ask('POST', '/runs', { name: 'cavity', folder: '/cfd', status: 'running' });
  const id: string = json.id;
  using solver = startSolver(collector, id);
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${id}?tab=alerts`);
  await page.getByRole('button', { name: 'Make one here' }).click();
  await page.getByTestId('alert-name').fill('residual-divergence');
  await page.getByTestId('alert-metric').fill('residuals.p');
  await page.getByTestId('alert-low').fill('0.01');
  await page.getByTestId('alert-window').fill('1');
  await page.getByTestId('alert-frequency').fill('1');
  await page.getByLabel('Abort the run when it fires').check();
  await page.getByTestId('confirm').click();
  const row = page.getByTestId('alert-row').filter({ hasText: 'residual-divergence' });
  await row.filter({ hasText: 'OK' }).waitFor();
  await page.getByTestId('firing-badge').waitFor({ state: 'detached' });

  solver.setResidual(0.5);
  await row.filter({ hasText: 'Firing' }).waitFor();
  await page.getByTestId('firing-badge').filter({ hasText: '1' }).waitFor();
  expect((await collector.ask('GET', `/runs/${id}/abort`)).json).toMatchObject({ status: true });
  await row.getByTestId('expand').click();
  await page.getByTestId('evaluation-row').filter({ hasText: 'firing' }).first().waitFor();
  await page.getByTestId('evaluation-row').filter({ hasText: 'ok' }).first().waitFor();

  await page.getByTestId('nav-home').click();
  await page.getByTestId('lede').filter({ hasText: '1 run has a firing alert' }).waitFor();
  await page.locator('[data-testid=concern][data-kind=firing]').getByRole('link', { name: 'cavity' }).waitFor();

  solver.setResidual(1e-4);
  await page.locator('[data-testid=concern][data-kind=firing]').waitFor({ state: 'detached' });
  await page.getByTestId('firing-badge').waitFor({ state: 'detached' });
});
