import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pagesOf } from '../support/browser-test.ts';
import { startGuarded } from '../support/guarded-collector.ts';
import { inRepository } from '../support/repository.ts';

const pictures = inRepository('.cache/screenshots');
/** What a page gets before anybody has signed in, and for an edit that is refused. */
const REFUSED = /\b(?:401|422)\b/;

const test = pagesOf(async () => {
  const { collector, tokens } = await startGuarded({
    ann: { username: 'ann', scopes: ['read', 'ingest'] },
    bob: { username: 'bob', scopes: ['read', 'ingest'] },
    eve: { username: 'eve', scopes: ['read', 'ingest:any'] },
  });
  const as = async (method: string, path: string, body?: unknown) =>
    (await collector.ask(method, path, body, { authorization: `Bearer ${tokens.ann}` })).json;
  return Object.assign(collector, { tokens, as });
}).extend('make', ({ collector }) => async (name: string, rest: object = {}) => {
  const rule = { rule: 'is above', metric: 'loss', threshold: 0.5, window: 2, frequency: 1, aggregation: 'all' };
  const alert = { name, source: 'metrics', alert: rule, description: 'as planned', ...rest };
  const { id } = await collector.as('POST', '/alerts', alert);
  const run = { name: `run of ${name}`, folder: '/', status: 'running', alerts: [id], visibility: { tenant: true } };
  return { id, run: (await collector.as('POST', '/runs', run)).id, rule };
});

async function signIn(page: Page, url: string, token: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByTestId('sign-in').waitFor({ state: 'detached' });
}

test('a rule is edited on the page of alerts: another kind of rule, and only what was edited is sent', async ({
  openPage,
  collector,
  make,
}) => {
  const { id, rule } = await make('grows');
  const page = await openPage('light', REFUSED);
  await signIn(page, `${collector.url}/alerts`, collector.tokens.ann);
  const row = page.getByTestId('rule-row').filter({ hasText: 'grows' });
  await row.getByRole('button', { name: 'Edit grows' }).click();
  const dialog = page.getByTestId('alert-edit');
  expect(await dialog.getByTestId('alert-metric').inputValue()).toBe('loss');
  expect(await dialog.getByTestId('alert-low').inputValue()).toBe('0.5');
  expect(await dialog.getByLabel('Of the window, the').inputValue()).toBe('all');
  await collector.as('PUT', `/alerts/${id}`, { description: 'changed meanwhile' });
  await dialog.getByLabel('Rule').selectOption('is outside range');
  await dialog.getByTestId('alert-low').fill('0');
  expect(await dialog.getByTestId('confirm').isDisabled()).toBe(true);
  await dialog.getByTestId('alert-high').fill('2');
  await dialog.getByTestId('alert-name').fill('leaves');
  await page.screenshot({ path: `${pictures}/alert-edit-light.png` });
  await dialog.getByTestId('confirm').click();
  await page.getByTestId('rule-row').filter({ hasText: 'loss is outside range 0 to 2, all over 2 min' }).waitFor();
  const { threshold: _, ...kept } = rule;
  expect(await collector.as('GET', `/alerts/${id}`)).toMatchObject({
    name: 'leaves',
    description: 'changed meanwhile',
    alert: { ...kept, rule: 'is outside range', range_low: 0, range_high: 2 },
  });
});

test('what the collector does not take is said at its field, and the dialog stays', async ({
  openPage,
  collector,
  make,
}) => {
  const { id } = await make('says nan', { source: 'events', alert: { pattern: 'nan', frequency: 1 } });
  const page = await openPage('dark', REFUSED);
  await signIn(page, `${collector.url}/alerts`, collector.tokens.ann);
  await page.getByRole('button', { name: 'Edit says nan' }).click();
  await page.getByTestId('alert-pattern').fill('n(an');
  await page.getByLabel('It is a regular expression').check();
  await page.getByTestId('confirm').click();
  const field = page.locator('label', { has: page.getByTestId('alert-pattern') });
  await field.getByTestId('alert-wrong').waitFor();
  expect(await page.getByTestId('alert-pattern').getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByTestId('alert-wrong').count()).toBe(1);
  await page.screenshot({ path: `${pictures}/alert-edit-refused-dark.png` });
  await page.getByTestId('alert-pattern').fill('n(an)?');
  await page.getByTestId('confirm').click();
  await page.getByTestId('alert-edit').waitFor({ state: 'detached' });
  const { alert } = await collector.as('GET', `/alerts/${id}`);
  expect(alert).toMatchObject({ pattern: 'n(an)?', pattern_type: 'regex' });
});

test('an alert is edited in a run after it was tried there, and by nobody who may not change it', async ({
  openPage,
  collector,
  make,
}) => {
  const { id, run } = await make('in a run');
  const page = await openPage('light', REFUSED);
  await signIn(page, `${collector.url}/runs/${run}?tab=alerts`, collector.tokens.ann);
  await page.getByTestId('expand').click();
  await page.getByTestId('edit-alert').click();
  await page.getByTestId('alert-low').fill('0.75');
  await page.getByTestId('alert-try').click();
  await page.getByTestId('alert-tried').filter({ hasText: 'too short' }).waitFor();
  await page.getByTestId('confirm').click();
  await page.getByTestId('alert-row').filter({ hasText: 'loss is above 0.75' }).waitFor();
  expect((await collector.as('GET', `/alerts/${id}`)).alert.threshold).toBe(0.75);

  const bob = await openPage('light', REFUSED);
  await signIn(bob, `${collector.url}/runs/${run}?tab=alerts`, collector.tokens.bob);
  await bob.getByTestId('expand').click();
  await bob.getByText('Not evaluated yet').waitFor();
  expect(await bob.getByTestId('edit-alert').count()).toBe(0);
  await bob.getByTestId('nav-alerts').click();
  await bob.getByTestId('rule-row').filter({ hasText: 'in a run' }).waitFor();
  expect(await bob.getByRole('button', { name: /^(?:Edit|Delete) / }).count()).toBe(0);
  expect(await bob.getByRole('checkbox', { name: 'in a run is on' }).isDisabled()).toBe(true);

  const eve = await openPage('light', REFUSED);
  await signIn(eve, `${collector.url}/alerts`, collector.tokens.eve);
  await eve.getByRole('button', { name: 'Edit in a run' }).waitFor();
});

test('of an alert whose status is told, all is edited but a rule', async ({ openPage, collector, make }) => {
  const { id } = await make('told', { source: 'user', alert: null });
  const page = await openPage('light', REFUSED);
  await signIn(page, `${collector.url}/alerts`, collector.tokens.ann);
  await page.getByRole('button', { name: 'Edit told' }).click();
  expect(await page.getByTestId('alert-frequency').count()).toBe(0);
  await page.getByTestId('alert-description').fill('');
  await page.getByLabel('Abort the run when it fires').check();
  await page.getByTestId('confirm').click();
  await page.getByTestId('rule-row').filter({ hasText: 'aborts the run' }).waitFor();
  expect(await collector.as('GET', `/alerts/${id}`)).toMatchObject({ description: null, abort: true, alert: null });
});
