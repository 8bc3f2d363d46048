import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { saveArtifact } from '../support/artifact-client.ts';
import { seriousFindings } from '../support/axe.ts';
import { pageTest } from '../support/browser-test.ts';
import { HOSTILE } from '../support/hostile.ts';
import { overlaps } from '../support/overlaps.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');
const LINES = Array.from({ length: 60 }, (_, line) => `    coefficient${line}  ${line / 10};`);
const BASE = ['// pitzDaily', 'solvers', '{', '    p { solver GAMG; tolerance 1e-06; }', ...LINES, '}', ''].join('\n');
const OTHER = BASE.replace('1e-06', '1e-08')
  .replace('    coefficient40  4;\n', '    coefficient40  4;\n    consistent yes;\n')
  .replace(/.*coefficient55.*\n/, '');
const PICTURES = ['teal', 'purple'].map(
  (fill) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60" fill="${fill}"/></svg>`,
);
const FILE = 'system/fvSolution.c';
/** What each run has: name, type, and its content in the first and in the second run. */
const FILES = [
  [FILE, 'text/plain', BASE, OTHER],
  ['same.txt', 'text/plain', 'equal\n', 'equal\n'],
  ['picture.svg', 'image/svg+xml', ...PICTURES],
  ['case.json', 'application/json', '{"b":[1,2],"a":1}', '{"b":[1,3],"a":1}'],
  ['laid-out.json', 'application/json', '{"a":1}', '{ "a": 1 }'],
  ['keys.json', 'application/json', '{"a":{"x":1,"y":[1,2]},"b":null}', '{"b":null,"a":{"y":[1,2],"x":1}}'],
  ['list.json', 'application/json', '{"a":[1,2]}', '{"a":[2,1]}'],
  ['marked.txt', 'text/plain', 'text\n', '\ufefftext\n'],
  ['mesh.msh.gz', 'application/gzip', 'mesh', 'meshes'],
  ['data.dat', 'application/octet-stream', 'a\0b', 'a\0c'],
  ['ends.txt', 'text/plain', 'one\r\ntwo', 'one\ntwo\n'],
  ['hostile.html', 'text/html', `<p>a</p>\n${HOSTILE}\n`, `<p>b</p>\n${HOSTILE}${HOSTILE}\n`],
  ['only.txt', 'text/plain', 'base', ''],
] as const;

const test = pageTest.extend('runs', { scope: 'file' }, async ({ collector }) => {
  const made = async (name: string, folder: string): Promise<string> =>
    (await collector.ask('POST', '/runs', { name, folder, status: 'completed' })).json.id;
  const ids = {
    base: await made(`base ${HOSTILE}`, '/cfd'),
    other: await made('pitz-04', '/cfd'),
    far: await made('far-09', '/old'),
  };
  const files = new Map<string, string>();
  for (const [name, mime_type, ...contents] of FILES)
    for (const [at, content] of contents.entries()) {
      if (content === '') continue;
      const run = { id: at === 0 ? ids.base : ids.other, category: 'input' };
      const { id } = await saveArtifact(collector, Buffer.from(content), { name, mime_type }, run);
      files.set(`${name} ${at}`, id);
    }
  await saveArtifact(collector, Buffer.from('far'), { name: FILE }, { id: ids.far, category: 'input' });
  const address = (name: string, side: 0 | 1 = 1) => {
    const [run, diffWith] = side === 1 ? [ids.other, ids.base] : [ids.base, ids.other];
    const query = { tab: 'artifacts', artifact: files.get(`${name} ${side}`) ?? '', with: diffWith };
    return `${collector.url}/runs/${run}?${new URLSearchParams(query)}`;
  };
  return { ...ids, address };
});
const counts = (page: Page) => page.getByTestId('diff-counts').textContent();
const rows = (page: Page, kind: string) => page.locator(`[data-testid=diff-row].${kind} code`).allInnerTexts();

describe.each(['light', 'dark'] as const)('the diff of an artifact (%s)', (theme) => {
  test('is reached from the artifact, by the run that is searched', async ({ openPage, collector, runs }) => {
    const page = await openPage(theme);
    await page.goto(`${collector.url}/runs/${runs.other}?tab=artifacts`);
    await page.getByTestId('artifact-row').filter({ hasText: 'fvSolution' }).click();
    await page.getByTestId('show-diff').click();
    const found = page.getByTestId('namesake');
    await expect.poll(() => found.count()).toBe(2);
    expect(await found.first().textContent()).toContain('base');
    await page.screenshot({ path: `${pictures}/diff-choose-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByTestId('namesake-search').fill('/OLD');
    await expect.poll(() => found.allInnerTexts()).toEqual([expect.stringContaining('far-09')]);
    await page.getByTestId('namesake-search').fill('nothing');
    await page.getByText('No run with this file contains “nothing”.').waitFor();
    await page.getByTestId('namesake-search').fill('base');
    await page.getByTestId('namesake').filter({ hasText: 'base' }).waitFor();
    // Enter goes to the first row, Enter opens it.
    await page.getByTestId('namesake-search').press('Enter');
    await page.keyboard.press('Enter');
    await page.getByTestId('diff-counts').waitFor();
    expect(await counts(page)).toBe('2 lines added, 2 removed');
    expect(await rows(page, 'removed')).toEqual(['    p { solver GAMG; tolerance 1e-06; }', '    coefficient55  5.5;']);
    expect(await rows(page, 'added')).toEqual(['    p { solver GAMG; tolerance 1e-08; }', '    consistent yes;']);
    expect(await page.locator('del, ins').allInnerTexts()).toEqual(['06', '08']);
    expect(await page.locator('.dfr .sx-com').allInnerTexts()).toEqual(['// pitzDaily']);
    await page.screenshot({ path: `${pictures}/diff-unified-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByTestId('artifact-row').filter({ hasText: 'case.json' }).click();
    await page.getByText('Both are laid out one value a line.').waitFor();
    await page.goBack();
    await found.first().waitFor();
    await page.getByTestId('show-view').click();
    await page.getByTestId('text-view').waitFor();
  });

  test('stands side by side where there is room, and shows what is folded', async ({ openPage, runs }) => {
    const page = await openPage(theme);
    await page.goto(runs.address(FILE));
    const unfold = page.getByTestId('unfold');
    await expect.poll(() => unfold.allInnerTexts()).toEqual(['Show 35 lines', 'Show 8 lines', 'Show 2 lines']);
    await unfold.first().click();
    await page.getByText('coefficient20', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Side by side' }).click();
    const first = page.getByTestId('diff-row').filter({ has: page.locator('del') });
    const [left, right] = await Promise.all([first.locator('del').boundingBox(), first.locator('ins').boundingBox()]);
    expect(left?.y).toBe(right?.y);
    expect(left?.x ?? 0).toBeLessThan(right?.x ?? 0);
    await page.screenshot({ path: `${pictures}/diff-split-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 1024, height: 768 });
    await page.getByRole('button', { name: 'Side by side' }).waitFor({ state: 'detached' });
    expect(await overlaps(page)).toEqual([]);
  });

  test('of images shows both, and of anything else their facts', async ({ openPage, runs }) => {
    const page = await openPage(theme);
    await page.goto(runs.address('picture.svg'));
    await expect.poll(() => page.getByText('120 × 60 pixels').count()).toBe(2);
    await page.getByTestId('diff-facts').waitFor();
    await page.screenshot({ path: `${pictures}/diff-images-${theme}.png` });
    expect(await seriousFindings(page)).toEqual([]);
    for (const name of ['mesh.msh.gz', 'data.dat']) {
      await page.goto(runs.address(name));
      await page.getByText('The two files differ.').waitFor();
      expect(await page.getByTestId('diff-facts').getByText('Download').count()).toBe(2);
    }
    expect(await seriousFindings(page)).toEqual([]);
    await page.goto(runs.address('same.txt'));
    await page.getByText('The two files are the same.').waitFor();
  });
});

test('the comparison leads from a file that differs to its diff with the baseline', async ({
  openPage,
  collector,
  runs,
}) => {
  const page = await openPage();
  await page.goto(`${collector.url}/compare?run=${runs.base}&run=${runs.other}`);
  const row = page.getByTestId('compare-row').filter({ hasText: FILE });
  await row.waitFor();
  expect(await row.locator('td').allInnerTexts()).toEqual(['baseline', 'diff']);
  await page.screenshot({ path: `${pictures}/compare-inputs.png` });
  await row.getByRole('link', { name: `diff of ${FILE}, pitz-04 with the baseline` }).click();
  await page.getByTestId('diff-counts').waitFor();
  expect(page.url()).toBe(runs.address(FILE));
  expect(await rows(page, 'added')).toContain('    consistent yes;');
  await page.getByTestId('swap').click();
  await expect.poll(() => rows(page, 'removed')).toContain('    consistent yes;');
  expect(page.url()).toBe(runs.address(FILE, 0));
});

test('j and k go from change to change, and the patch is copied', async ({ openPage, collector, runs }) => {
  const page = await openPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(runs.address(FILE));
  const place = page.getByTestId('diff-place');
  await place.getByText('3 changes').waitFor();
  const focused = () => page.locator(':focus').textContent();
  await page.keyboard.press('j');
  await expect.poll(focused).toContain('tolerance 1e-06');
  await page.keyboard.press('j');
  await expect.poll(focused).toContain('consistent');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await place.getByText('change 3 of 3').waitFor();
  await page.keyboard.press('k');
  await place.getByText('change 2 of 3').waitFor();
  // What else happens to the run does not take the reader away.
  const { id } = await saveArtifact(
    collector,
    Buffer.from('late'),
    { name: 'late.txt' },
    { id: runs.other, category: 'output' },
  );
  await page.getByTestId('artifact-row').filter({ hasText: 'late.txt' }).waitFor();
  expect(await place.textContent()).toBe('change 2 of 3');
  await collector.ask('DELETE', `/artifacts/${id}`);
  await page.getByRole('button', { name: 'Next change' }).focus();
  await page.keyboard.press('Enter');
  await place.getByText('change 3 of 3').waitFor();
  await page.getByRole('button', { name: 'Copy as a patch' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const patch = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(patch.split('\n').slice(0, 7)).toEqual([
    `--- a/${FILE}`,
    `+++ b/${FILE}`,
    '@@ -1,7 +1,7 @@',
    ' // pitzDaily',
    ' solvers',
    ' {',
    '-    p { solver GAMG; tolerance 1e-06; }',
  ]);
});

test('JSON is compared by its values, line ends are told, and nothing that a file holds runs', async ({
  openPage,
  runs,
}) => {
  const page = await openPage();
  await page.goto(runs.address('case.json'));
  await page.getByText('Both are laid out one value a line.').waitFor();
  expect(await rows(page, 'removed')).toEqual(['    2']);
  await page.goto(runs.address('laid-out.json'));
  await page.getByText('only their layout differs').waitFor();
  await page.goto(runs.address('keys.json'));
  await page.getByText('Same value, other order of keys.').waitFor();
  await page.getByText('SHA-256').first().waitFor();
  await page.goto(runs.address('list.json'));
  await page.getByTestId('diff-counts').waitFor();
  await page.goto(runs.address('marked.txt'));
  await page.getByText('only their encoding differs').waitFor();
  await page.goto(runs.address('ends.txt'));
  await page.getByTestId('diff-counts').waitFor();
  expect(await rows(page, 'removed')).toEqual([
    expect.stringMatching(/^one.*CR LF$/),
    expect.stringMatching(/^two.*no line end$/),
  ]);
  await page.goto(runs.address('hostile.html'));
  await page.getByTestId('diff-counts').waitFor();
  expect(await counts(page)).toBe('2 lines added, 2 removed');
  await page.getByRole('button', { name: 'Side by side' }).click();
  expect(await page.getByTestId('artifact-diff').locator('img, script').count()).toBe(0);
  expect(await page.evaluate('window.pwned')).toBeUndefined();
});

test('two times 50,000 lines that all differ leave the page usable', async ({ openPage, collector, runs }) => {
  const page = await openPage();
  const compare = async (name: string, old: readonly string[], now: readonly string[]) => {
    const save = async (id: string, lines: readonly string[]) =>
      (await saveArtifact(collector, Buffer.from(lines.join('\n')), { name }, { id, category: 'output' })).id;
    await save(runs.far, old);
    const artifact = await save(runs.other, now);
    await page.goto(`${collector.url}/runs/${runs.other}?tab=artifacts&artifact=${artifact}&with=${runs.far}`);
    await page.getByTestId('diff-counts').waitFor();
    expect(await counts(page)).toBe('50\u202f000 lines added, 50\u202f000 removed');
    expect(await page.getByTestId('diff-row').count()).toBe(500);
  };
  const lines = (letter: string) => Array.from({ length: 50_000 }, (_, line) => `${letter} ${line}`);
  // The same lines in another order: more than any machine sorts out in three seconds.
  await compare(
    'shuffled.txt',
    lines('a'),
    lines('a').map((_, line, all) => all[(line * 7919 + 1) % 50_000] ?? ''),
  );
  await page.getByText('Too much differs to find every equal line within 3 s').waitFor();
  await compare('different.txt', lines('a'), lines('b'));
  expect(await page.getByText('Too much differs').count()).toBe(0);
  await page.getByTestId('more-lines').click();
  await expect.poll(() => page.getByTestId('diff-row').count()).toBe(1000);
});

test('what cannot be compared is said, with a way on', async ({ openPage, collector, runs }) => {
  const page = await openPage('light', /404|ERR_FAILED|403|Failed to load/);
  const message = (text: string) => page.getByText(text).waitFor();
  await page.goto(runs.address('only.txt', 0));
  await message('pitz-04 has no input named only.txt.');
  await page.getByRole('button', { name: 'Choose another run' }).first().click();
  await message('No other run has an artifact of this name.');
  await page.goto(runs.address(FILE).replace(runs.base, 'nobody'));
  await message('There is no such run');
  await page.goto(runs.address(FILE).replace(/artifact=[^&]+/, 'artifact=gone'));
  await message('This artifact is no longer here.');
  const contents = '**/api/artifacts/*/content*';
  await page.route(contents, (route) => route.abort());
  await page.goto(runs.address(FILE));
  await message('The content could not be read: the collector does not answer.');
  await page.unroute(contents);
  await page.getByTestId('artifact-diff').getByRole('button', { name: 'Try again' }).click();
  await page.getByTestId('diff-counts').waitFor();
  const { id } = (await collector.ask('POST', '/runs', { name: 'doomed', folder: '/cfd' })).json;
  const { id: artifact } = await saveArtifact(
    collector,
    Buffer.from('doomed'),
    { name: FILE },
    { id, category: 'input' },
  );
  await page.goto(`${collector.url}/runs/${id}?tab=artifacts&artifact=${artifact}&with=${runs.base}`);
  await page.getByTestId('diff-counts').waitFor();
  await collector.ask('DELETE', `/runs/${runs.far}`);
  await page.goto(runs.address(FILE).replace(runs.base, runs.far));
  await message('There is no such run');
});

test('fits a phone', async ({ openPage, runs }) => {
  const page = await openPage('dark');
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [name, ready] of [
    [FILE, 'diff-counts'],
    ['picture.svg', 'diff-facts'],
  ] as const) {
    await page.goto(runs.address(name));
    await page.getByTestId(ready).scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${pictures}/diff-phone-${ready}.png` });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await overlaps(page)).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
  }
});
