import type { Page } from 'playwright-core';
import { saveArtifact } from './artifact-client.ts';
import type { TestCollector } from './collector-app.ts';
import { fillPages } from './page-data.ts';

const TABS = ['overview', 'metrics', 'resources', 'events', 'alerts', 'artifacts', 'metadata'] as const;

/** A page or dialog as a user comes to it. */
export interface ShownPage {
  readonly name: string;
  readonly path: (runs: ShownRuns) => string;
  /** Does what is to be done, and waits for what only this page shows. */
  readonly ready: (page: Page) => Promise<unknown>;
  /** False: a phone has no such thing. */
  readonly isOnPhone?: false;
}

/** Ids of runs that the pages show. */
export interface ShownRuns {
  readonly first: string;
  readonly second: string;
}

const first = (page: Page, testid: string) => page.getByTestId(testid).first();
/** A page that is ready when it shows this. */
const list = (name: string, path: string, testid: string): ShownPage => ({
  name,
  path: () => path,
  ready: (page) => first(page, testid).waitFor(),
});
/** A dialog that a button of a page opens. */
const dialog = (name: string, path: string, button: string, testid: string): ShownPage => ({
  name,
  path: () => path,
  ready: async (page) => {
    await first(page, button).click();
    await page.getByTestId(testid).waitFor();
  },
});

/** Something that only this tab shows. */
const IN_TAB: Record<(typeof TABS)[number], string> = {
  overview: '[data-testid=facts]',
  metrics: 'canvas',
  resources: '.message',
  events: '[data-testid=event-row]',
  alerts: '[data-testid=alert-row]',
  artifacts: '[data-testid=text-view]',
  metadata: '[data-testid=metadata-row]',
};

/** Every page, tab and dialog that can be seen without a sign-in. */
export const PAGES: readonly ShownPage[] = [
  list('runs', '/runs?filter=name+contains+pitz', 'run-row'),
  list('empty-result', '/runs?filter=name+contains+nothing', 'empty-result'),
  list('home', '/home', 'home-newest'),
  list('folders', '/folders', 'folder-row'),
  list('tags', '/tags', 'tag-row'),
  list('alerts', '/alerts', 'rule-row'),
  list('storage', '/storage', 'largest-run'),
  list('tokens', '/tokens', 'token-row'),
  list('users', '/users', 'user-row'),
  list('tenants', '/tenants', 'tenant-row'),
  list('not-found', '/nowhere', 'not-found'),
  {
    name: 'compare',
    path: ({ first, second }) => `/compare?run=${first}&run=${second}`,
    ready: (page) => page.locator('canvas').first().waitFor(),
  },
  ...TABS.map(
    (tab): ShownPage => ({
      name: `run-${tab}`,
      path: (runs) => `/runs/${runs.first}?tab=${tab}`,
      ready: (page) => page.locator(IN_TAB[tab]).first().waitFor(),
    }),
  ),
  {
    name: 'palette',
    path: () => '/tags',
    ready: async (page) => {
      await page.getByTestId('palette-button').click();
      await first(page, 'palette-run').waitFor();
    },
  },
  {
    name: 'keys',
    path: () => '/tags',
    ready: async (page) => {
      await first(page, 'tag-row').waitFor();
      await page.keyboard.press('?');
      await page.getByTestId('keys').waitFor();
    },
  },
  dialog('new-run', '/runs', 'new-run-button', 'new-run'),
  dialog('new-alert', '/alerts', 'new-alert', 'alert-new'),
  dialog('new-folder', '/folders', 'new-folder', 'folder-dialog'),
  dialog('new-user', '/users', 'new-user', 'user-dialog'),
  dialog('new-tenant', '/tenants', 'new-tenant', 'tenant-dialog'),
  dialog('new-token', '/tokens', 'new-token-button', 'token-dialog'),
  {
    name: 'selection',
    path: () => '/runs',
    isOnPhone: false,
    ready: async (page) => {
      await first(page, 'run-row').waitFor();
      await page.getByTestId('tick-all').check();
      await page.getByTestId('columns-button').click();
      await page.getByTestId('bulk-bar').waitFor();
    },
  },
];

/** Fills a collector with something for each of {@link PAGES}. */
export async function fillEveryPage(collector: TestCollector): Promise<ShownRuns> {
  const { runs } = await fillPages(collector, 6);
  const shown = { first: runs.get('pitz-00') ?? '', second: runs.get('pitz-04') ?? '' };
  await saveArtifact(collector, Buffer.from('a = 1\n'), { name: 'a.py' }, { id: shown.first, category: 'code' });
  const people = [
    { username: 'ann', fullname: 'Ann Author', email: 'ann@example.org', is_admin: true },
    { username: 'bob', fullname: 'Bob Builder', email: 'bob@example.org', is_readonly: true },
    { username: 'cleo', is_enabled: false },
  ];
  for (const user of people) await collector.ask('POST', '/users', { user });
  await collector.ask('POST', '/tenants', { name: 'turbulence', max_runs: 5000, max_data_volume: 200 });
  const config = { endpoint_url: 'https://s3.example.org', access_key_id: 'a', secret_access_key: 'b', bucket: 'runs' };
  await collector.ask('POST', '/storage', { name: 'bucket', backend: 'S3', config });
  // What runs sent is counted within seconds, and when the collector closes.
  await collector.reopen();
  return shown;
}
