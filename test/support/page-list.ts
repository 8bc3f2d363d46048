import { DIALOGS, MENUS } from './page-dialogs.ts';
import { list, ofRun, type ShownPage } from './shown-page.ts';

/** What a click on a page of the first run shows. */
const inRun = (name: string, query: string, ready: ShownPage['ready']): ShownPage => ({
  ...ofRun(name, query, 'main'),
  ready,
});

/** Every page, tab, dialog and menu that can be seen without a sign-in. */
export const PAGES: readonly ShownPage[] = [
  list('runs', '/runs?filter=name+contains+pitz', 'run-row'),
  list(
    'runs-view',
    '/runs?filter=has+tag.RANS&sort=name&col=name&col=metadata.Re&col=metric.loss&col=alerts',
    'saved-view',
  ),
  list('empty-result', '/runs?filter=name+contains+nothing', 'empty-result'),
  list('home', '/home', 'home-newest'),
  list('folders', '/folders', 'folder-row'),
  list('tags', '/tags', 'tag-row'),
  list('alerts', '/alerts', 'rule-row'),
  list('storage', '/storage', 'largest-run'),
  list('tokens', '/tokens', 'token-row'),
  list('users', '/users', 'user-row'),
  list('tenants', '/tenants', 'tenant-row'),
  list('dashboard', '/dashboard?folder=/cfd/cavity', 'metric-card'),
  list('not-found', '/nowhere', 'not-found'),
  {
    name: 'compare',
    kind: 'page',
    path: ({ first, second }) => `/compare?run=${first}&run=${second}`,
    ready: (page) => page.locator('canvas').first().waitFor(),
  },
  ofRun('run-overview', 'tab=overview', '[data-testid=facts]'),
  ofRun('run-description', 'tab=description', '[data-testid=markdown]'),
  ofRun('run-metadata', 'tab=metadata', '[data-testid=metadata-row]'),
  inRun('run-metadata-history', 'tab=metadata', async (page) => {
    await page.getByRole('button', { name: 'History of Re', exact: true }).click();
    await page.getByTestId('metadata-history').getByTestId('activity-row').first().waitFor();
  }),
  ofRun('run-artifacts', 'tab=artifacts', '[data-testid=text-view]'),
  ofRun('run-artifact-diff-with', 'tab=artifacts&with=', '[data-testid=namesake]'),
  {
    ...list('run-artifact-diff', '', 'diff-row'),
    path: ({ first, second }) => `/runs/${first}?tab=artifacts&with=${second}`,
  },
  ofRun('run-metrics', 'tab=metrics', 'canvas'),
  ofRun('run-one-plot', 'tab=metrics&single=1&metric=loss&metric=residuals.p', 'canvas'),
  ofRun('run-fields', 'tab=metrics&q=plate', '[data-testid=heat-cells]'),
  ofRun('run-resources', 'tab=resources', 'canvas'),
  ofRun('run-events', 'tab=events', '[data-testid=event-row]'),
  ofRun('run-alerts', 'tab=alerts', '[data-testid=alert-row]'),
  ofRun('run-timeline', 'tab=timeline', '[data-testid=span-row]'),
  ofRun('run-activity', 'tab=activity', '[data-testid=activity-row]'),
  ...DIALOGS,
  ...MENUS,
];
