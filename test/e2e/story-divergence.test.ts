import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestProcess } from '../support/child-process.ts';
import { TestCollector } from '../support/collector-app.ts';
import { HttpReceiver, MailReceiver } from '../support/message-receivers.ts';
import { inRepository } from '../support/repository.ts';

/** A solver whose residual grows by a fifth each tenth of a second, for ever. */
const SOLVER = `let p = 1e-4; setInterval(() => console.log('residuals.p=' + (p = Math.min(1, p * 1.2))), 100);`;
let browser: Browser;
let collector: TestCollector;
let web: HttpReceiver;
let mail: MailReceiver;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simvue-story-'));
  [browser, web, mail] = await Promise.all([launchBrowser(), HttpReceiver.start(), MailReceiver.start()]);
  const alertsFile = join(directory, 'alerts.yaml');
  await writeFile(
    alertsFile,
    `allow_private_ranges: [127.0.0.0/8]
channels:
  hook: { type: webhook, url: ${web.url}/hook }
  email: { type: email, smtp: '${mail.url}', from: simvue@example.org, to: [team@example.org] }
`,
  );
  collector = await TestCollector.start({ alertUnit: 'seconds', alertsFile, publicUrl: 'https://runs.example.org' });
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
  await Promise.all([web?.[Symbol.asyncDispose](), mail?.[Symbol.asyncDispose]()]);
  await rm(directory, { recursive: true, force: true });
});

const rowOf = (page: Page, alert: string) => page.getByTestId('alert-row').filter({ hasText: alert });

interface Told {
  readonly state: string;
  readonly url: string;
  readonly alert?: { readonly name: string; readonly rule: string; readonly value: unknown };
}
const firings = (receiver: HttpReceiver) =>
  receiver
    .json<{ messages: Told[] }>()
    .flatMap(({ messages }) => messages)
    .filter(({ state }) => state === 'firing');

async function makeAlert(page: Page, name: string, rule: string, fill: (page: Page) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: /^(Make one here|New alert)$/ }).click();
  await page.getByTestId('alert-name').fill(name);
  await page.getByTestId('alert-metric').fill('residuals.p');
  await page.getByLabel('Rule', { exact: true }).selectOption(rule);
  await page.getByTestId('alert-window').fill('2');
  await page.getByTestId('alert-frequency').fill('1');
  await fill(page);
  await page.getByTestId('confirm').click();
  await page.getByTestId('alert-new').waitFor({ state: 'detached' });
}

test('story 7: a rule made on the page stops a solver that diverges, tells by mail and webhook, and the link leads back', async () => {
  const cli = [
    inRepository('dist/cli/main.js'),
    'run',
    '--name',
    'cavity',
    '--folder',
    '/cfd',
    '--key-value',
    '-',
    '--',
  ];
  const solver = new TestProcess(process.execPath, [...cli, process.execPath, '-e', SOLVER], {
    SIMVUE_URL: collector.url,
  });
  const { page, context, complaints } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/runs`);
  await page.getByRole('link', { name: 'cavity', exact: true }).click();
  await page.getByTestId('tab-alerts').click();
  await makeAlert(page, 'divergence', 'is above', async () => {
    await page.getByTestId('alert-low').fill('0.01');
    for (const label of ['Tell email', 'Tell hook', 'Abort the run when it fires'])
      await page.getByLabel(label).check();
  });
  await rowOf(page, 'divergence').filter({ hasText: 'Firing' }).waitFor();
  await page.getByTestId('status').filter({ hasText: 'Terminated' }).first().waitFor();
  // The solver never ends by itself.
  await solver.exited;
  expect(await rowOf(page, 'divergence').textContent()).toMatch(
    /residuals\.p is above 0\.01, average over 2 s, each 1 s.*tells .*email.*aborts the run/,
  );
  await rowOf(page, 'divergence').getByTestId('expand').click();
  await page.getByText(/^\d+ messages: /).waitFor();
  await page.getByTestId('evaluation-row').filter({ hasText: 'firing' }).first().waitFor();

  await expect.poll(() => firings(web).length, { timeout: 20_000 }).toBe(1);
  await expect.poll(() => mail.mails.join('\n'), { timeout: 20_000 }).toContain('divergence');
  const [fired] = firings(web);
  expect(fired?.alert).toMatchObject({ name: 'divergence', value: expect.any(Number) });
  expect(fired?.alert?.rule).toContain('residuals.p over 2 seconds is above 0.01');
  const link = fired?.url ?? '';
  expect(link).toMatch(/^https:\/\/runs\.example\.org\/runs\//);
  await page.goto(collector.url + new URL(link).pathname);
  await page.getByTestId('run-title').filter({ hasText: 'cavity' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('story 7: values that are not finite, no data and a threshold of zero are told apart', async () => {
  const { id } = (await collector.ask('POST', '/runs', { name: 'unstable', folder: '/cfd', status: 'running' })).json;
  const { page, context, complaints } = await openPage(browser, 'light');
  await page.goto(`${collector.url}/runs/${id}?tab=alerts`);
  await makeAlert(page, 'never below zero', 'is below', (page) => page.getByTestId('alert-low').fill('0'));
  await makeAlert(page, 'not a number', 'is not finite', async () => undefined);
  await makeAlert(page, 'silence', 'has no data', async () => undefined);
  let step = 0;
  let value = 0;
  const log = () => {
    const timestamp = new Date().toISOString().replace('Z', '000');
    const metrics = [{ timestamp, time: step, step: step++, values: { 'residuals.p': value } }];
    return collector.post('/metrics', { run: id, metrics });
  };
  const timer = setInterval(() => void log(), 200);
  await rowOf(page, 'never below zero').filter({ hasText: 'OK' }).waitFor();
  await rowOf(page, 'not a number').filter({ hasText: 'OK' }).waitFor();
  value = Number.NaN;
  await rowOf(page, 'not a number').filter({ hasText: 'Firing' }).waitFor();
  clearInterval(timer);
  await rowOf(page, 'silence').filter({ hasText: 'Firing' }).waitFor();
  expect(await rowOf(page, 'never below zero').textContent()).not.toContain('Firing');
  await page.getByTestId('tab-metrics').click();
  await page
    .getByTestId('metric-card')
    .getByText(/^\d+ not finite$/)
    .waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
