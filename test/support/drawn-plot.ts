import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';

/** What a reader sees on a plot, taken from the drawing that its menu saves. */
export interface DrawnPlot {
  /** Labels of the axes, from left to right and from top to bottom. */
  readonly x: readonly string[];
  readonly y: readonly string[];
  /** Of each curve: its unbroken pieces. */
  readonly pieces: readonly number[];
}

/** Saves a card's drawing as a user does, and reads it. */
export async function drawnPlot(page: Page, card: Locator): Promise<DrawnPlot> {
  await card.getByTestId('card-menu').click();
  const [download] = await Promise.all([page.waitForEvent('download'), card.getByTestId('save-svg').click()]);
  const svg = await readFile(await download.path(), 'utf8');
  const labels = (anchor: 'middle' | 'end') =>
    [...svg.matchAll(new RegExp(`<text x="(\\S+)" y="(\\S+)" text-anchor="${anchor}"[^>]*>([^<]*)<`, 'g'))].map(
      ([, x, y, text]) => ({ x: Number(x), y: Number(y), text: text ?? '' }),
    );
  const curves = [...svg.matchAll(/<path d="([^"]*)"[^>]*stroke-linejoin="round"/g)];
  return {
    x: labels('middle').flatMap(({ y, text }) => (y > 0 ? [text] : [])),
    y: labels('end')
      .filter(({ x }) => x <= 0)
      .sort((a, b) => a.y - b.y)
      .map(({ text }) => text),
    pieces: curves.map(([, path]) => path?.match(/M/g)?.length ?? 0),
  };
}
