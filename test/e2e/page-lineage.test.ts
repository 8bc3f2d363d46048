import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveArtifact } from '../support/artifact-client.ts';
import { seriousFindings } from '../support/axe.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { TestCollector } from '../support/collector-app.ts';

let browser: Browser;
let collector: TestCollector;
const runs = new Map<string, string>();

/** A run that used and made content: by file name, what is in it. */
async function stage(name: string, inputs: Record<string, string>, outputs: Record<string, string>) {
  const { id } = (await collector.ask('POST', '/runs', { folder: '/chain', name, status: 'completed' })).json;
  runs.set(name, id);
  for (const [category, files] of Object.entries({ input: inputs, output: outputs }))
    for (const [file, content] of Object.entries(files))
      await saveArtifact(collector, Buffer.from(content), { name: file }, { id, category });
}

beforeAll(async () => {
  browser = await launchBrowser();
  collector = await TestCollector.start();
  await stage('mesher', { 'geometry.stp': 'geometry' }, { 'mesh.msh': 'mesh' });
  await stage('solver', { 'in.msh': 'mesh' }, { 'field.vtk': 'field' });
  await stage('plotter', { 'field.vtk': 'field' }, { 'report.txt': 'report' });
});
afterAll(async () => {
  await browser?.close();
  await collector?.[Symbol.asyncDispose]();
});

describe('the lineage of an artifact', () => {
  test('shows the chain from the first input to the last output, and each step of it is a way to it', async () => {
    const { page, context, complaints } = await openPage(browser, 'light');
    await page.goto(`${collector.url}/runs/${runs.get('solver')}?tab=artifacts`);
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
    await page.waitForURL(`**/runs/${runs.get('plotter')}**`);
    await page.getByText('report', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('is a list on a phone, in the same order', async () => {
    const { page, context } = await openPage(browser, 'dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${collector.url}/runs/${runs.get('mesher')}?tab=artifacts`);
    await page.getByTestId('artifact-row').filter({ hasText: 'mesh.msh' }).click();
    await page.getByTestId('show-lineage').click();
    const last = page.getByTestId('lineage-content').filter({ hasText: 'report.txt' });
    await last.scrollIntoViewIfNeeded();
    const box = await last.boundingBox();
    expect(box?.x).toBeLessThan(30);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await seriousFindings(page)).toEqual([]);
    await context.close();
  });
});
