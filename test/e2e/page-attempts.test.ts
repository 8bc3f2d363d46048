import { expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { pageTest as test } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { inRepository } from '../support/repository.ts';

const RUN = 'attemptsAAAAAAAAAAAAAA';
const START = Date.now() - 600_000;
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });
const nano = (seconds: number) => `${START + 1000 * seconds}000000`;

/** An attempt as its process sends it: that it begins, then a point each second from a step on. */
async function sendAttempt(
  collector: TestCollector,
  attempt: number,
  begin: number,
  firstStep: number,
  count: number,
): Promise<void> {
  const resource = {
    attributes: [
      text('simvue.run.id', RUN),
      text('simvue.run.name', 'restarted'),
      text('service.instance.id', `i${attempt}`),
    ],
  };
  const attributes = [
    text('simvue.run.status', 'running'),
    text('simvue.run.role', 'owner'),
    whole('simvue.run.attempt', attempt),
    text('log.record.uid', `start ${attempt}`),
  ];
  const record = { timeUnixNano: nano(begin), eventName: 'simvue.run.start', attributes };
  await send(collector, 'logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] });
  const gauge = (name: string, scale: number) => ({
    name,
    gauge: {
      dataPoints: Array.from({ length: count }, (_, index) => ({
        timeUnixNano: nano(begin + 1 + index),
        asDouble: scale / (firstStep + index + 1),
        attributes: [whole('simvue.step', firstStep + index)],
      })),
    },
  });
  const metrics = [gauge('drag', 2), gauge('loss', 1)];
  await send(collector, 'metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
}

async function send(collector: TestCollector, signal: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${collector.url}/v1/${signal}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(status).toBe(200);
}

test('a restart at a checkpoint is a line on each plot, a pinned metric stands first, an alert is in the activity', async ({
  openPage,
  collector,
}) => {
  await sendAttempt(collector, 1, 0, 0, 100);
  await sendAttempt(collector, 2, 200, 60, 80);
  const page = await openPage();
  await page.goto(`${collector.url}/runs/${RUN}?tab=metrics`);
  const cards = page.getByTestId('metric-card');
  const loss = page.locator('[data-testid=metric-card][data-metric=loss]');
  await loss.locator('.plot[data-attempts="60"]').waitFor();
  await loss.locator('canvas').waitFor();
  // One line: the first attempt from step 0, the second from step 60 on; its last value is 1 / 140.
  expect(await loss.getByTestId('legend').textContent()).toMatch(/^\s*loss\s*7\.14e−3\s*last\s*$/);
  expect(await loss.locator('.mfoot').textContent()).toMatch(/180 points/);
  expect((await page.getByTestId('tab-metrics').textContent())?.trim()).toBe('Metrics2');
  await page.getByTestId('tab-overview').click();
  await page.getByRole('link', { name: /loss\s*7\.14e−3/ }).waitFor();
  await page.getByTestId('tab-metrics').click();
  await loss.locator('.plot[data-attempts="60"]').waitFor();
  await page.screenshot({ path: inRepository('.cache/screenshots/run-attempts-light.png') });
  expect(await seriousFindings(page)).toEqual([]);

  const order = () => cards.evaluateAll((list) => list.map((card) => card.getAttribute('data-metric')));
  expect(await order()).toEqual(['drag', 'loss']);
  await loss.getByTestId('pin').click();
  await expect.poll(order).toEqual(['loss', 'drag']);
  await page.goto(`${collector.url}/runs/${RUN}?tab=metrics&x=time`);
  await loss.locator('.plot[data-attempts="200"]').waitFor();
  expect(await order()).toEqual(['loss', 'drag']);
  await loss.locator('[data-testid=pin][aria-pressed=true]').click();
  await expect.poll(order).toEqual(['drag', 'loss']);

  const { id } = (await collector.ask('POST', '/alerts', { name: 'diverges', source: 'user' })).json;
  await page.getByTestId('tab-activity').click();
  await page.getByTestId('activity-row').filter({ hasText: 'attempt 2 began' }).waitFor();
  await collector.ask('PUT', `/runs/${RUN}`, { alerts: [id] });
  await collector.ask('PUT', `/alerts/${id}/status/${RUN}`, { status: 'critical' });
  await page.getByTestId('activity-row').filter({ hasText: 'alert diverges fires' }).waitFor();
  await collector.ask('PUT', `/alerts/${id}/status/${RUN}`, { status: 'ok' });
  await page.getByTestId('activity-row').filter({ hasText: 'alert diverges is over' }).waitFor();
});
