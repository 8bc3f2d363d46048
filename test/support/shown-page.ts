import type { Locator, Page } from 'playwright-core';

/** Ids of runs that the pages show. */
export interface ShownRuns {
  readonly first: string;
  readonly second: string;
  /** Goes on, and nobody asked it to stop. */
  readonly going: string;
}

/** A page, dialog or menu as a user comes to it. */
export interface ShownPage {
  readonly name: string;
  readonly kind: 'page' | 'dialog' | 'menu';
  readonly path: (runs: ShownRuns) => string;
  /** Does what is to be done, and waits for what only this page shows. */
  readonly ready: (page: Page) => Promise<unknown>;
  /** False: a phone has no such thing. */
  readonly isOnPhone?: false;
}

export const firstOf = (page: Page, testid: string): Locator => page.getByTestId(testid).first();

/** A page that is ready when it shows this. */
export const list = (name: string, path: string, testid: string): ShownPage => ({
  name,
  kind: 'page',
  path: () => path,
  ready: (page) => firstOf(page, testid).waitFor(),
});

/** The page of the first run with this in its address, ready when it shows what the selector finds. */
export const ofRun = (name: string, query: string, selector: string): ShownPage => ({
  name,
  kind: 'page',
  path: (runs) => `/runs/${runs.first}?${query}`,
  ready: (page) => page.locator(selector).first().waitFor(),
});

/** What buttons open, one after the other; of a run when the path begins with `?`. */
export const opened = (
  kind: 'dialog' | 'menu',
  name: string,
  path: string,
  buttons: readonly ((page: Page) => Locator)[],
  testid: string,
  more: Partial<ShownPage> = {},
): ShownPage => ({
  name,
  kind,
  path: (runs) => (path.startsWith('?') ? `/runs/${runs.first}${path}` : path),
  ready: async (page) => {
    for (const button of buttons) await button(page).click();
    await firstOf(page, testid).waitFor();
  },
  ...more,
});
