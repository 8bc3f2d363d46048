import type { Page } from 'playwright-core';
import { firstOf, opened, type ShownPage } from './shown-page.ts';

const button = (testid: string) => (page: Page) => firstOf(page, testid);
const named = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first();
const dialog = (name: string, path: string, opener: string, testid: string) =>
  opened('dialog', name, path, [button(opener)], testid);
const phoneless = { isOnPhone: false } as const;

/** Every dialog, behind the button that opens it. */
export const DIALOGS: readonly ShownPage[] = [
  {
    name: 'palette',
    kind: 'dialog',
    path: () => '/tags',
    ready: async (page) => {
      await page.getByTestId('palette-button').click();
      await firstOf(page, 'palette-run').waitFor();
    },
  },
  {
    name: 'keys',
    kind: 'dialog',
    path: () => '/tags',
    ready: async (page) => {
      await firstOf(page, 'tag-row').waitFor();
      await page.keyboard.press('?');
      await page.getByTestId('keys').waitFor();
    },
  },
  dialog('new-run', '/runs', 'new-run-button', 'new-run'),
  dialog('new-alert', '/alerts', 'new-alert', 'alert-new'),
  dialog('new-folder', '/folders', 'new-folder', 'folder-dialog'),
  dialog('new-tag', '/tags', 'new-tag', 'tag-dialog'),
  dialog('new-user', '/users', 'new-user', 'user-dialog'),
  dialog('new-tenant', '/tenants', 'new-tenant', 'tenant-dialog'),
  dialog('new-token', '/tokens', 'new-token-button', 'token-dialog'),
  dialog('new-dashboard', '/dashboard?folder=/cfd/cavity', 'new-dashboard', 'dashboard-dialog'),
  opened('dialog', 'configure-plot', '?tab=metrics', [button('card-menu'), button('configure')], 'plot-dialog'),
  dialog('add-plot', '?tab=metrics', 'add-plot', 'plot-dialog'),
  dialog('new-metadata', '?tab=metadata', 'add-metadata', 'metadata-dialog'),
  dialog('new-view', '/runs?filter=has+tag.LES', 'keep-view', 'view-dialog'),
  dialog('edit-run', '?tab=overview', 'edit-run', 'edit-dialog'),
  { ...dialog('abort-run', '', 'abort-run', 'abort-dialog'), path: ({ going }) => `/runs/${going}?tab=overview` },
  dialog('delete-run', '?tab=overview', 'delete-run', 'delete-dialog'),
  opened('dialog', 'delete-tag', '/tags', [named(/^Delete tag/)], 'tag-dialog'),
  opened('dialog', 'delete-folder', '/folders', [named(/^Delete \//)], 'folder-dialog'),
  opened('dialog', 'delete-storage', '/storage', [named('Delete bucket')], 'storage-dialog'),
  opened('dialog', 'tag-runs', '/runs', [button('tick-all'), button('bulk-tag')], 'runs-dialog', phoneless),
  opened('dialog', 'delete-runs', '/runs', [button('tick-all'), button('bulk-delete')], 'runs-dialog', phoneless),
];

/** What a button opens beside it. */
export const MENUS: readonly ShownPage[] = [
  opened('menu', 'selection', '/runs', [button('tick-all'), button('columns-button')], 'bulk-bar', phoneless),
  opened('menu', 'columns', '/runs', [button('columns-button')], 'columns-menu', phoneless),
  opened('menu', 'colours', '/runs', [button('colour')], 'colour-menu', phoneless),
  opened('menu', 'plot-menu', '?tab=metrics', [button('card-menu')], 'y-low'),
  {
    name: 'filter-menu',
    kind: 'menu',
    path: () => '/runs',
    ready: async (page) => {
      await firstOf(page, 'run-row').waitFor();
      await page.getByTestId('filter-input').fill('meta');
      await page.getByRole('option').first().waitFor();
    },
  },
];
