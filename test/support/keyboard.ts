import type { Locator, Page } from 'playwright-core';

const MOST_STOPS = 120;

/** Presses a key until this has the focus, and shows it. @throws Error when the key does not come there. */
export async function moveTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  const focused = target.and(page.locator(':focus-visible'));
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not come to ${target}`);
}

/** Presses keys one after the other. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
