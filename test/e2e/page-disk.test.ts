import { expect } from 'vitest';
import { pagesOf } from '../support/browser-test.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { limitWrites } from '../support/full-disk.ts';
import { postPoint } from '../support/otlp-json.ts';
import { inRepository } from '../support/repository.ts';

const test = pagesOf(() => CollectorProcess.start());

test('a disk that cannot be written is told on every page for as long as it lasts', async ({ openPage, collector }) => {
  const point = () => postPoint(collector.url, { 'simvue.run.id': 'diskAAAAAAAAAAAAAAAAAA' }, 'loss', 0, 1);
  await point();
  const page = await openPage('light', /503/);
  await page.goto(`${collector.url}/runs`);
  await page.getByTestId('run-row').waitFor();
  const banner = page.getByTestId('disk-banner');
  expect(await banner.count()).toBe(0);
  await limitWrites(collector.pid, true);
  await expect(point()).rejects.toThrow('503');
  await banner.filter({ hasText: 'data is refused until it can' }).waitFor({ timeout: 60_000 });
  await page.screenshot({ path: inRepository('.cache/screenshots/disk-banner-light.png') });
  await limitWrites(collector.pid, false);
  await banner.waitFor({ state: 'detached', timeout: 60_000 });
});
