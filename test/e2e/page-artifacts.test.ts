import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { createRun, saveArtifact } from '../support/artifact-client.ts';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { HOSTILE, HOSTILE_FILES } from '../support/hostile.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg+M/wHwAEAQH/7yMK/gAAAABJRU5ErkJggg==',
  'base64',
);
const PROGRAM =
  '# sweep\nimport numpy as np\n\ndef solve(cells: int = 20_000):\n    """Solves it."""\n    return np.zeros(cells)\n';

/** A file as `numpy.save` writes it. */
function npy(values: readonly number[], shape: string): Buffer {
  const header = `${`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117, ' ')}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(new Float64Array(values).buffer)]);
}

const test = pageTest.extend('run', { scope: 'file', auto: true }, async ({ collector }) => {
  const run = await createRun(collector);
  const save = (name: string, category: string, mime_type: string, content: string | Uint8Array) =>
    saveArtifact(collector, Buffer.from(content), { name, mime_type }, { id: run, category });
  await save('sweep.py', 'code', 'text/x-python', PROGRAM);
  await save('system/fvSolution', 'input', 'application/octet-stream', 'solvers { p { solver GAMG; } }');
  await save('plots/pixel.png', 'output', 'image/png', PIXEL);
  await save('field', 'output', 'application/vnd.simvue.numpy.v1', npy([1, 2, 3, 4, 5, 6], '(2, 3)'));
  await save('model.pt', 'output', 'application/vnd.simvue.torch.v1', 'PK');
  for (const [name, [type, content]] of Object.entries(HOSTILE_FILES))
    await save(`hostile/${name}`, 'output', type, content);
  await save(HOSTILE.replaceAll('/', '|'), 'output', 'text/plain', HOSTILE);
  return run;
});

describe('the artifacts of a run', () => {
  test.for(['light', 'dark'] as const)(
    'are shown each in its own way (%s)',
    async (theme, { openPage, collector, run }) => {
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${run}?tab=artifacts`);
      const viewer = page.getByTestId('artifact-viewer');
      const open = (name: string) => page.getByTestId('artifact-row').filter({ hasText: name }).click();

      await open('sweep.py');
      await viewer.getByTestId('text-view').filter({ hasText: 'import numpy as np' }).waitFor();
      expect(await viewer.locator('.sx-kw').allTextContents()).toEqual(['import', 'as', 'def', 'int', 'return']);
      await page.screenshot({ path: `${pictures}/run-artifacts-${theme}.png` });
      await open('pixel.png');
      await viewer.getByText('1 × 1 pixels').waitFor();
      await open('field');
      const second = viewer.getByTestId('grid-view').locator('tbody tr').nth(1).locator('td');
      await expect.poll(() => second.allTextContents()).toEqual(['[1]', '4', '5', '6']);
      await open('model.pt');
      await viewer.getByText('is not shown here').waitFor();
    },
  );

  test('say when there is nothing in them, or nothing that can be read', async ({ openPage, collector, run }) => {
    const save = (name: string, mime_type: string, content: Buffer) =>
      saveArtifact(collector, content, { name, mime_type }, { id: run, category: 'output' });
    await save('empty.txt', 'text/plain', Buffer.alloc(0));
    await save('dump.dat', 'application/octet-stream', Buffer.from([1, 2, 0, 255]));
    await save('log.txt', 'text/plain', Buffer.from('Größe', 'latin1'));
    await save('ids.json', 'application/json', Buffer.from('{"id":12345678901234567890}'));
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=artifacts`);
    const viewer = page.getByTestId('artifact-viewer');
    const seen = async (name: string, text: string) => {
      await page.getByTestId('artifact-row').filter({ hasText: name }).click();
      await viewer.getByText(text).waitFor();
    };
    await seen('empty.txt', 'The file is empty.');
    await seen('dump.dat', 'is not shown here');
    expect(await viewer.getByRole('button', { name: 'Copy' }).count()).toBe(0);
    await seen('log.txt', 'Größe');
    await seen('ids.json', '12345678901234567890');
  });

  test.for(['light', 'dark'] as const)(
    'are drawn when they are figures, and say which runs have the same content (%s)',
    async (theme, { openPage, collector, run }) => {
      const page = await openPage(theme);
      const lift = { type: 'scatter', name: HOSTILE, x: [0, 1, 2, 3], y: [0, 2, 3, 2.5] };
      const figure = (theme: string) =>
        JSON.stringify({
          data: [lift, { type: 'bar', name: 'drag', x: [0, 1, 2, 3], y: [1, 1, 2, 2] }, { type: 'pie', values: [1] }],
          layout: { title: { text: `Lift ${theme}` }, xaxis: { title: 'angle' } },
        });
      const mime_type = 'application/vnd.plotly.v1+json';
      const content = Buffer.from(figure(theme));
      const other = await createRun(collector);
      await saveArtifact(collector, content, { name: `lift ${theme}`, mime_type }, { id: run, category: 'output' });
      await saveArtifact(collector, content, { name: 'start.json', mime_type }, { id: other, category: 'input' });
      const heat = {
        data: [
          {
            type: 'heatmap',
            z: Array.from({ length: 20 }, (_, i) =>
              Array.from({ length: 30 }, (_, k) => Math.sin(i / 4) * Math.cos(k / 5)),
            ),
          },
        ],
      };
      await saveArtifact(
        collector,
        Buffer.from(JSON.stringify(heat)),
        { name: `heat ${theme}`, mime_type },
        { id: run, category: 'output' },
      );
      await page.goto(`${collector.url}/runs/${run}?tab=artifacts`);
      const open = (name: string) => page.getByTestId('artifact-row').filter({ hasText: name }).click();
      await open(`lift ${theme}`);
      const view = page.getByTestId('figure-view');
      await view.getByText(`Lift ${theme}`).waitFor();
      expect(await view.locator('rect').count()).toBe(4);
      expect(await view.getByTestId('not-drawn').textContent()).toContain('pie');
      await page.getByTestId('show-lineage').click();
      await page.getByTestId('lineage-run').nth(1).waitFor(); // the run that made it, and the one that used it
      expect(await page.getByTestId('lineage').textContent()).toMatch(/Made by.*holder.*start\.json.*Used by.*holder/);
      await page.screenshot({ path: `${pictures}/run-artifact-figure-${theme}.png` });
      expect(await seriousFindings(page)).toEqual([]);
      await open(`heat ${theme}`);
      await page.getByTestId('heat-cells').hover({ position: { x: 5, y: 5 } });
      await page.getByText(/column 0, row 19: /).waitFor();
      await page.screenshot({ path: `${pictures}/run-artifact-heat-${theme}.png` });
      await open('notes.md');
      await page.getByTestId('markdown').waitFor();
      expect(await page.getByTestId('markdown').locator('a').count()).toBe(0);
      expect(await page.evaluate('"pwned" in window')).toBe(false);
    },
  );

  test('are reached and opened with the keyboard alone', async ({ openPage, collector, run }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=artifacts`);
    await page.getByTestId('artifact-filter').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Home');
    const focused = () => page.locator(':focus').getAttribute('data-path');
    expect(await focused()).toBe('code');
    for (const _ of ['sweep.py', 'Inputs']) await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('input');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator(':focus').getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('s');
    await page.keyboard.press('Enter');
    await page.getByTestId('artifact-viewer').getByText('Solves it.').waitFor();
    expect(new URL(page.url()).searchParams.get('artifact')).toMatch(/^\w{22}$/);
  });

  test('never run, whatever they hold and whatever they are called', async ({ openPage, collector, run }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=artifacts`);
    const rows = page.getByTestId('artifact-row');
    await rows.first().waitFor();
    const count = await rows.count();
    for (let index = 0; index < count; index++) {
      await rows.nth(index).click();
      await page.waitForTimeout(150);
      expect([index, await page.evaluate('window.pwned')]).toEqual([index, undefined]);
    }
    await rows.filter({ hasText: 'page.html' }).click();
    await page.getByTestId('text-view').filter({ hasText: '<!doctype html>' }).waitFor();
    const link = page.getByTestId('artifact-download');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(await readFile(await download.path(), 'utf8')).toContain('<!doctype html>');
    await page.getByTestId('text-view').waitFor();
    const direct = await fetch(collector.url + (await link.getAttribute('href')));
    expect(direct.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(direct.headers.get('content-security-policy')).toMatch(/^sandbox/);
    const address = page.url();
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('artifact-download').click()]);
    expect(await readFile(await saved.path(), 'utf8')).toBe(await direct.text());
    expect([saved.suggestedFilename(), page.url()]).toEqual(['page.html', address]);
  });

  test('appear while the page is open', async ({ openPage, collector, run }) => {
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=artifacts`);
    await page.getByTestId('artifact-row').first().waitFor();
    await saveArtifact(collector, Buffer.from('late'), { name: 'late.txt' }, { id: run, category: 'output' });
    await page.getByTestId('artifact-row').filter({ hasText: 'late.txt' }).waitFor();
  });
});

test('a relative link in a description leads to the artifact of that name, and is text without one', async ({
  openPage,
  collector,
}) => {
  const addresses = ['out/lift%20curve.csv', './late.txt', 'gone.txt', '//x.org/p', 'javascript:window.pwned=1'];
  const description = addresses.map((address, at) => `[link ${at}](${address})`).join('\n\n');
  const { id } = (await collector.ask('POST', '/runs', { folder: '/', name: 'linked', description })).json;
  const save = async (name: string, content: string) =>
    (await saveArtifact(collector, Buffer.from(content), { name }, { id, category: 'output' })).id;
  await save('javascript:window.pwned=1', 'no');
  await save('out/lift curve.csv', 'old');
  const newest = await save('out/lift curve.csv', 'new');
  const page = await openPage();
  for (const tab of ['overview', 'description']) {
    await page.goto(`${collector.url}/runs/${id}?tab=${tab}`);
    const links = page.getByTestId('markdown').getByRole('link');
    await links.first().waitFor();
    expect(await links.allTextContents()).toEqual(tab === 'overview' ? ['link 0'] : ['link 0', 'link 1']);
    for (const written of addresses.slice(2))
      await page.getByTestId('markdown').getByText(`(${written})`, { exact: false }).waitFor();
    if (tab === 'overview') await save('late.txt', 'late');
    await links.nth(1).waitFor();
  }
  await page.screenshot({ path: `${pictures}/run-description-links-light.png` });
  await page.getByRole('link', { name: 'link 0' }).click();
  await page.getByTestId('artifact-viewer').getByText('new').waitFor();
  expect(new URL(page.url()).searchParams.get('artifact')).toBe(newest);
  expect(await page.evaluate('window.pwned')).toBeUndefined();
});
