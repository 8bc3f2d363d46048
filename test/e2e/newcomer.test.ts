import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestProcess } from '../support/child-process.ts';
import { codeBlocks, readDocument } from '../support/markdown.ts';
import { repositoryRoot } from '../support/repository.ts';

const MINUTES = 5;

/** What a clone has: no dependencies, nothing built. */
async function freshClone(): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'simvue-clone-'));
  onTestFinished(() => rm(clone, { recursive: true, force: true, maxRetries: 5 }));
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  const files = list.split('\0').filter(Boolean);
  for (const folder of new Set(files.map((file) => file.split('/')[0] as string)))
    await cp(join(repositoryRoot, folder), join(clone, folder), {
      recursive: true,
      filter: (source) => isListed(source.slice(repositoryRoot.length + 1), files),
    });
  return clone;
}

const isListed = (path: string, files: readonly string[]): boolean =>
  files.some((file) => file === path || file.startsWith(`${path}/`));

test(`README on a fresh clone: a live chart of one's own numbers in under ${MINUTES} minutes`, {
  timeout: MINUTES * 60_000,
}, async () => {
  const clone = await freshClone();
  const start = performance.now();
  const server = new TestProcess('npm', ['start', '--', '--port', '0', '--data', join(clone, 'data')], {}, clone);
  onTestFinished(() => server.end().then(() => undefined));
  const [, url = ''] = await server.waitForOutput(/listening on (http:\S+)/, MINUTES * 60_000);

  const program = join(clone, 'cavity.mjs');
  await writeFile(program, codeBlocks(readDocument('README.md'), 'js')[0] ?? '');
  const run = new TestProcess(process.execPath, [program], { SIMVUE_URL: url }, dirname(program));
  onTestFinished(() => run.end().then(() => undefined));
  const [address, id] = await run.waitForOutput(/http:\S+\/(\w+)/);
  // Nobody is as quick as this test: the address is printed before the first request is sent.
  await expect.poll(async () => (await fetch(`${url}/api/runs/${id}`)).status).toBe(200);

  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const { page, complaints } = await openPage(browser, 'light');
  await page.goto(`${address}?tab=metrics`);
  const card = page.locator('[data-testid=metric-card][data-metric="residuals"]');
  await card.locator('canvas').waitFor();
  const points = async () => Number(/(\d+) points/.exec((await card.textContent()) ?? '')?.[1]);
  const first = await points();
  await expect.poll(points).toBeGreaterThan(first);
  const minutes = (performance.now() - start) / 60_000;
  console.log(`a live chart of one's own numbers ${minutes.toFixed(1)} minutes after the clone`);
  expect(minutes).toBeLessThan(MINUTES);
  expect(complaints).toEqual([]);
});
