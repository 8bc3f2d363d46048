import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contrast, distance, type Vision } from '../../support/colour.ts';

const styles = fileURLToPath(new URL('../../../web/src/styles/', import.meta.url));
const STATUSES = ['created', 'running', 'completed', 'failed', 'terminated', 'lost'];
const SURFACES = ['bg', 'rail-bg', 'panel', 'sunken', 'raised', 'hover', 'selected'];
const RUNS = Array.from({ length: 12 }, (_, index) => `run-${index + 1}`);
/** Smallest distance of two colours of runs, from the figures of the design. */
const LEAST_DISTANCES: Record<'light' | 'dark', Record<Vision, number>> = {
  light: { normal: 0.145, deutan: 0.079, protan: 0.079, tritan: 0.07 },
  dark: { normal: 0.134, deutan: 0.075, protan: 0.073, tritan: 0.062 },
};

/** Pairs of tokens, foreground on background, and the least contrast they must have. */
const PAIRS: readonly (readonly [foreground: readonly string[], background: readonly string[], least: number])[] = [
  [['ink', 'ink-2', 'ink-3', 'accent'], SURFACES, 4.5],
  [STATUSES.map((status) => `st-${status}`), ['panel', 'bg', 'hover', 'selected', 'raised'], 4.5],
  ...STATUSES.map((status) => [[`st-${status}`], [`st-${status}-soft`], 4.5] as const),
  [['al-ok', 'al-firing', 'al-nodata'], ['panel', 'bg', 'hover', 'selected'], 4.5],
  ...['ok', 'firing', 'nodata'].map((state) => [[`al-${state}`], [`al-${state}-soft`], 4.5] as const),
  [['al-firing-on'], ['al-firing-solid'], 4.5],
  [['accent-ink'], ['accent'], 4.5],
  [['ink'], ['warn-soft'], 7],
  [['warn'], ['warn-soft'], 4.5],
  [['accent', 'ink-2'], ['accent-soft'], 4.5],
  [['plot-tick'], ['panel'], 4.5],
  [['line-control'], ['panel', 'bg', 'sunken', 'raised'], 3],
  [['sx-kw', 'sx-str', 'sx-num', 'sx-com', 'sx-fn'], ['sunken', 'panel', 'df-old', 'df-new'], 4.5],
  [['ink', 'ink-2', 'ink-3'], ['df-old', 'df-new'], 4.5],
  [['ink'], ['df-old-word', 'df-new-word'], 7],
  [RUNS, ['panel'], 3],
];

function tokensOf(theme: 'light' | 'dark'): (name: string) => string {
  const tokens = new Map<string, string>();
  for (const [, selector = '', body = ''] of readFileSync(`${styles}tokens.css`, 'utf8').matchAll(
    /([^{}]*)\{([^{}]*)\}/g,
  )) {
    if (!selector.includes(`"${theme}"`)) continue;
    for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)) tokens.set(name, value);
  }
  return (name) => {
    const value = tokens.get(name);
    if (value === undefined) throw new Error(`the ${theme} theme has no --${name}`);
    return value;
  };
}

describe.each(['light', 'dark'] as const)('colours of the %s theme', (theme) => {
  const token = tokensOf(theme);

  it('are told apart from what they stand on', () => {
    const missed = PAIRS.flatMap(([foregrounds, backgrounds, least]) =>
      foregrounds.flatMap((foreground) =>
        backgrounds
          .map((background) => ({ foreground, background, ratio: contrast(token(foreground), token(background)) }))
          .filter(({ ratio }) => ratio < least),
      ),
    );
    expect(missed).toEqual([]);
  });

  it.each(Object.entries(LEAST_DISTANCES[theme]) as [Vision, number][])(
    'of runs are told apart with %s vision',
    (vision, least) => {
      const pairs = RUNS.flatMap((a, index) => RUNS.slice(index + 1).map((b) => [token(a), token(b)] as const));
      expect(Math.min(...pairs.map(([a, b]) => distance(a, b, vision)))).toBeGreaterThanOrEqual(least);
    },
  );
});

it('no style sheet but that of the tokens holds a colour', () => {
  const raw = readdirSync(styles)
    .filter((name) => name !== 'tokens.css')
    .filter((name) => /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i.test(readFileSync(styles + name, 'utf8')));
  expect(raw).toEqual([]);
});
