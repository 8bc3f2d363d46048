import { describe, expect } from 'vitest';
import { saveArtifact } from '../support/artifact-client.ts';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import type { TestCollector } from '../support/collector-app.ts';
import { inRepository } from '../support/repository.ts';

/** A run that used and made content: by file name, what is in it. */
async function stage(collector: TestCollector, name: string, ...files: readonly Readonly<Record<string, string>>[]) {
  const { id } = (await collector.ask('POST', '/runs', { folder: '/chain', name, status: 'completed' })).json;
  for (const [index, category] of (['input', 'output'] as const).entries())
    for (const [file, content] of Object.entries(files[index] ?? {}))
      await saveArtifact(collector, Buffer.from(content), { name: file }, { id, category });
  return id as string;
}

const test = pageTest.extend('runs', { scope: 'file' }, async ({ collector }) => ({
  mesher: await stage(collector, 'mesher', { 'geometry.stp': 'geometry' }, { 'mesh.msh': 'mesh' }),
  solver: await stage(collector, 'solver', { 'in.msh': 'mesh' }, { 'field.vtk': 'field' }),
  plotter: await stage(collector, 'plotter', { 'field.vtk': 'field' }, { 'report.txt': 'report' }),
}));

describe('the lineage of an artifact', () => {
  test('shows the chain from the first input to the last output, and each step of it is a way to it', async ({
    openPage,
    collector,
    runs,
  }) => {
    const page = await openPage('light');
    await page.goto(`${collector.url}/runs/${runs.solver}?tab=artifacts`);
    await page.getByTestId('artifact-row').filter({ hasText: 'field.vtk' }).click();
    await page.getByTestId('show-lineage').click();
    await page.getByTestId('lineage-run').nth(2).waitFor();
    const texts = async (testid: string) => (await page.getByTestId(testid).allInnerTexts()).map((text) => text.trim());
    expect((await texts('lineage-run')).map((text) => text.split(/\s+/).at(-1))).toEqual([
      'mesher',
      'solver',
      'plotter',
    ]);
    expect(await texts('lineage-content')).toEqual(['geometry.stp', 'in.msh, mesh.msh', 'field.vtk', 'report.txt']);
    expect(await page.getByTestId('lineage-edge').count()).toBe(6);
    const left = async (name: string) =>
      (await page.getByTestId('lineage').getByText(name).first().boundingBox())?.x ?? 0;
    expect(await left('geometry.stp')).toBeLessThan(await left('mesher'));
    expect(await left('mesher')).toBeLessThan(await left('field.vtk'));
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByTestId('lineage-content').filter({ hasText: 'report.txt' }).click();
    await page.waitForURL(`**/runs/${runs.plotter}**`);
    await page.getByText('report', { exact: true }).waitFor();
  });

  test('of a run with many inputs has the run and the content in sight', async ({ openPage, collector }) => {
    const inputs = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`in-${index}`, `input ${index}`]));
    const run = await stage(collector, 'reader of many', inputs, { 'sum.txt': 'sum of many' });
    const page = await openPage();
    await page.goto(`${collector.url}/runs/${run}?tab=artifacts`);
    await page.getByTestId('artifact-filter').fill('sum.txt');
    await page.getByTestId('artifact-row').filter({ hasText: 'sum.txt' }).click();
    await page.getByTestId('show-lineage').click();
    const box = await page.getByTestId('lineage-run').filter({ hasText: 'reader of many' }).boundingBox();
    expect(box?.y ?? Infinity).toBeLessThan(page.viewportSize()?.height ?? 0);
  });

  test.for(['light', 'dark'] as const)(
    'and its dependencies are bubbles of three kinds, each of which can be left out (%s)',
    async (theme, { openPage, collector, runs }) => {
      const page = await openPage(theme);
      await page.goto(`${collector.url}/runs/${runs.solver}?tab=artifacts`);
      await page.getByTestId('artifact-row').filter({ hasText: 'field.vtk' }).click();
      await page.getByTestId('show-dependencies').click();
      const bubbles = page.getByTestId('bubble');
      await expect.poll(() => bubbles.count()).toBe(7);
      const names = await Promise.all((await bubbles.all()).map((bubble) => bubble.getAttribute('aria-label')));
      expect(names.filter((name) => name?.startsWith('Run '))).toEqual(['Run mesher', 'Run solver', 'Run plotter']);
      await page.screenshot({ path: inRepository(`.cache/screenshots/dependencies-${theme}.png`) });
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByTestId('show-run').click();
      await expect.poll(() => bubbles.count()).toBe(4);
      await page.getByTestId('show-run').click();
      await bubbles.filter({ hasText: 'report.txt' }).click();
      await page.waitForURL(`**/runs/${runs.plotter}**`);
    },
  );

  test('is a list on a phone, in the same order', async ({ openPage, collector, runs }) => {
    const page = await openPage('dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${collector.url}/runs/${runs.mesher}?tab=artifacts`);
    await page.getByTestId('artifact-row').filter({ hasText: 'mesh.msh' }).click();
    await page.getByTestId('show-lineage').click();
    const last = page.getByTestId('lineage-content').filter({ hasText: 'report.txt' });
    await last.scrollIntoViewIfNeeded();
    const box = await last.boundingBox();
    expect(box?.x).toBeLessThan(30);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await seriousFindings(page)).toEqual([]);
  });
});
