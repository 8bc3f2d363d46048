import { describe, expect, it } from 'vitest';
import { type Drawing, toSvg } from '../../../web/src/lib/chart-drawing.ts';
import { HOSTILE } from '../../support/hostile.ts';

const slot = { colour: 2, round: 1 };
const drawing: Drawing = {
  ...{
    left: 46,
    top: 8,
    width: 200,
    height: 100,
    ticks: { x: [{ at: 5, label: '5' }], y: [{ at: 0.5, label: '0.5' }] },
  },
  axis: 'step',
  xAt: (value) => value * 20,
  yAt: (value) => 100 - value * 100,
  columns: [
    { kind: 'high', slot, label: 'p', points: [[0, 10], [50, 20], null, [100, 0]] },
    { kind: 'low', slot, label: 'p', points: [[0, 30], [50, 40], null, [100, 9]] },
    { kind: 'line', slot, label: HOSTILE, points: [[0, 20], undefined, [50, 30], null, [100, 5]] },
  ],
  marks: [{ x: 5, kind: 'NaN', count: 1, slot, label: 'p' }],
  gaps: [[6, 8]],
  attempts: [
    { x: 5, label: 'attempt 2' },
    { x: 50, label: 'attempt 3' },
  ],
  thresholds: [{ label: 'above 0.6', lineWidth: 1.75, zone: [0, 40], lines: [40], labelY: 33 }],
};

describe('a drawing as SVG', () => {
  it('breaks lines and bands where the chart does', () => {
    const svg = toSvg(drawing, 'loss', (token) => `#${token}`);
    expect(svg).toContain('d="M0 20L50 30M100 5" fill="none" stroke="#--run-2"');
    expect(svg).toContain('d="M0 10L50 20L50 40L0 30ZM100 0L100 9Z"');
    expect(svg).toContain('<rect x="120" width="40"');
    expect(svg).toContain('stroke-dasharray="6 3"');
    expect(svg).toContain('>×</text>');
    expect(svg).toContain('d="M100 0V100" fill="none" stroke="#--ink-3" stroke-dasharray="3 3"');
    expect(svg).toContain('>attempt 2</text>');
    expect(svg).not.toContain('attempt 3');
    expect(svg).toContain('d="M0 40H200" fill="none" stroke="#--al-firing" stroke-width="1.75" stroke-dasharray="5 3"');
    expect(svg).toContain('>above 0.6</text>');
  });
  it('has a legend in as many rows as it needs, and a title that keeps its end', () => {
    const columns = Array.from({ length: 24 }, (_, index) => ({
      ...{ kind: 'line' as const, slot, points: [] },
      label: `run of the sweep ${index}`,
    }));
    const svg = toSvg({ ...drawing, columns }, `solver/${'long/'.repeat(20)}p`, () => '#000');
    const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
    const entries = [...svg.matchAll(/<text x="(\S+)" y="(\S+)" fill="#000">(run of[^<]*)</g)];
    expect(entries).toHaveLength(24);
    for (const [, x, , label = ''] of entries) expect(Number(x) + 6 * label.length).toBeLessThan(width);
    const title = /font-family="monospace"[^>]*>([^<]*)</.exec(svg)?.[1] ?? '';
    expect(title).toMatch(/^….*long\/p$/);
    expect(7.8 * title.length).toBeLessThan(width);
  });
  it('has user text as text only', () => {
    const svg = toSvg(drawing, HOSTILE, () => '#000');
    const tags = new Set([...svg.matchAll(/<\/?([A-Za-z]\w*)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(['clipPath', 'g', 'path', 'rect', 'svg', 'text']);
  });
});
