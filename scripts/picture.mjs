// `node scripts/picture.mjs`: takes the picture of the README, docs/images/run.png, of the page as it is: a solver that still runs. Needs Chromium.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { root } from './repository.mjs';

const STEPS = 400;

await ensureInstalled();
await ensureBuilt();
const { createApp } = await import(join(root, 'collector/dist/app.js'));
const { readConfig } = await import(join(root, 'collector/dist/config.js'));
const { Run } = await import(join(root, 'dist/index.js'));

const directory = await mkdtemp(join(tmpdir(), 'simvue-picture-'));
const config = readConfig(['--port', '0', '--data', join(directory, 'data')], {}, '');
const onFatal = (error) => {
  throw error;
};
const app = await createApp(config, { version: '0.1.0', onFatal });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const run = new Run({ url: app.url, journal: 'memory', suppressErrors: false, resourcesMetricsInterval: 1 });
  await run.init({
    name: 'cavity-re1000',
    folder: '/cfd/cavity',
    tags: ['LES', 'fine'],
    description: 'Lid-driven cavity, 256 x 256 cells.',
    metadata: { re: 1000, mesh: { cells: 65_536, kind: 'hex' }, solver: 'pimple' },
  });
  run.createMetricThresholdAlert({ name: 'diverges', metric: 'residuals.p', rule: 'is above', threshold: 10 });
  run.logEvent('mesh has 65,536 cells, worst skewness 0.31');
  const start = process.hrtime.bigint();
  for (let step = 0; step < STEPS; step++) {
    logStep(run, step);
    if (step % 100 === 99)
      run.logEvent(`time step halved to ${1e-3 / 2 ** Math.floor(step / 100)} s`, { level: 'warn' });
    await pause(10);
  }
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width: 1280, height: 800 } });
  await page.goto(`${app.url}/runs/${run.id}?tab=metrics`);
  await page.locator('[data-testid=metric-card] canvas').nth(3).waitFor();
  for (let step = STEPS; step < STEPS + 60; step++) {
    logStep(run, step);
    await pause(50);
  }
  await pause(1500);
  await page.screenshot({ path: join(root, 'docs/images/run.png') });
  process.stdout.write(`docs/images/run.png, ${(process.hrtime.bigint() - start) / 1_000_000_000n} s into the run\n`);
  await run.close();
} finally {
  await browser.close();
  await app.close();
  await rm(directory, { recursive: true });
}

/** Residuals that fall, forces that begin to oscillate, a Courant number that is kept below one. */
function logStep(run, step) {
  const noise = (seed) => 1 + 0.25 * Math.sin(step * (1.7 + seed)) * Math.cos(step * 0.37 * (1 + seed));
  const fall = (rate) => 10 ** (-5 * (1 - Math.exp(-step / rate)));
  const shedding = Math.min(1, step / 250) ** 3 * Math.sin(step / 9);
  run.logMetrics(
    {
      'residuals.p': fall(190) * noise(1),
      'residuals.U': 0.3 * fall(150) * noise(2),
      'residuals.k': 0.08 * fall(230) * noise(3),
      'forces.drag': 1.32 + 0.9 * Math.exp(-step / 25) + 0.04 * shedding * shedding,
      'forces.lift': 0.42 * shedding,
      courant: 0.82 - 0.4 * Math.exp(-step / 30) + 0.05 * Math.sin(step / 14) * noise(4),
      steps_per_second: 41 + 2.5 * noise(5) - 6 * Math.exp(-step / 12),
    },
    { step, time: step * 1e-3 },
  );
}
