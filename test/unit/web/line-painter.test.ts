import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LineColumn } from '../../../web/src/lib/chart-model.ts';
import { type LineCanvas, paintLines } from '../../../web/src/lib/line-painter.ts';

type Stroke = readonly (readonly [x: number, y: number])[];

/** A canvas that keeps the strokes: of each its colour, its width and its unbroken pieces. */
function sheet() {
  const strokes: { colour: string; width: number; pieces: Stroke[] }[] = [];
  const dots: number[] = [];
  let pieces: [number, number][][] = [];
  const ignored = () => undefined;
  const context: LineCanvas = {
    ...{ strokeStyle: '', fillStyle: '', lineWidth: 1, lineJoin: '' },
    ...{ save: ignored, restore: ignored, rect: ignored, clip: ignored, fill: ignored, setLineDash: ignored },
    beginPath: () => {
      pieces = [];
    },
    moveTo: (x, y) => pieces.push([[x, y]]),
    lineTo: (x, y) => pieces.at(-1)?.push([x, y]),
    arc: (x) => dots.push(x),
    stroke: () => strokes.push({ colour: String(context.strokeStyle), width: context.lineWidth, pieces }),
  };
  return { strokes, dots, context };
}

const VIEW = { left: 0, top: 0, width: 100, height: 100, ratio: 1, log: false, logX: false };
const COLOURS = { stroke: 'line', faint: 'raw', band: 'band', dash: [] };
const column = (kind: LineColumn['kind'], values: readonly number[]): LineColumn => ({
  kind,
  values: Float64Array.from(values),
});

function painted(
  x: readonly number[],
  columns: readonly LineColumn[],
  ends: { x: [number, number]; y: [number, number] },
) {
  const { strokes, dots, context } = sheet();
  paintLines(context, [{ x: Float64Array.from(x), columns, ...COLOURS }], { ...VIEW, ...ends });
  return { strokes, dots, of: (colour: string) => strokes.filter((stroke) => stroke.colour === colour) };
}

describe('painted lines', () => {
  test('go through each value and break where there is none', () => {
    const { of, dots } = painted([0, 1, 2, 3, 4], [column('line', [0, 1, Number.NaN, 3, 4])], { x: [0, 4], y: [0, 4] });
    expect(of('line')[0]?.pieces).toEqual([
      [
        [0, 100],
        [25, 75],
      ],
      [
        [75, 25],
        [100, 0],
      ],
    ]);
    expect(dots).toEqual([]);
  });

  test('reach one value beyond either end of the range', () => {
    const { of } = painted([0, 1, 2, 3, 4, 5], [column('line', [0, 0, 0, 0, 0, 0])], { x: [1.5, 3.5], y: [0, 1] });
    expect(of('line')[0]?.pieces[0]?.map(([x]) => x)).toEqual([-25, 25, 75, 125]);
  });

  test('show a lone value as a dot', () => {
    expect(painted([2], [column('line', [1])], { x: [0, 4], y: [0, 4] }).dots).toEqual([50]);
  });

  test('have a band whose every column of pixels reaches from the least to the greatest value in it', () => {
    const value = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 400 }), (edges) => {
        const x = edges.map((_, index) => (100 * index) / (edges.length - 1));
        const ends = { x: [0, 100], y: [0, 100] } as { x: [number, number]; y: [number, number] };
        const [low, high] = [edges.map((pair) => Math.min(...pair)), edges.map((pair) => Math.max(...pair))];
        const columns = [column('high', high), column('low', low), column('line', low)];
        const pieces = painted(x, columns, ends).of('band')[0]?.pieces ?? [];
        expect(new Set(pieces.map(([from]) => from?.[0])).size).toBe(pieces.length);
        edges.forEach((_, index) => {
          const piece = pieces.find(([from]) => Math.floor(from?.[0] ?? -1) === Math.floor(x[index] ?? 0)) ?? [];
          const [top, bottom] = [100 - (piece[0]?.[1] ?? 0), 100 - (piece[1]?.[1] ?? 0)];
          expect(top).toBeGreaterThanOrEqual((high[index] ?? 0) - 1e-9);
          expect(bottom).toBeLessThanOrEqual((low[index] ?? 0) + 1e-9);
        });
      }),
    );
  });

  test('have no band where the view is, when the view is far from them or has no length', () => {
    const columns = [column('high', [1, 1]), column('low', [0, 0]), column('line', [0, 1])];
    for (const x of [
      [5, 5],
      [1e12, 1e12 + 1e-3],
      [0, 1e-300],
    ] as [number, number][]) {
      const pieces = painted([0, 1e9], columns, { x, y: [0, 1] }).of('band')[0]?.pieces ?? [];
      for (const [from] of pieces) expect(from?.[0] ?? 0).toBeLessThanOrEqual(101);
    }
  });

  test('of far more values than pixels keep the extremes of each pixel', () => {
    const count = 5000;
    const values = Array.from({ length: count }, (_, index) =>
      index === 1234 ? 90 : index === 4321 ? 5 : 50 + (index % 2),
    );
    const { of } = painted(
      values.map((_, index) => index),
      [column('line', values)],
      { x: [0, count - 1], y: [0, 100] },
    );
    const [stroke] = of('line');
    const heights = stroke?.pieces.flat().map(([, y]) => y) ?? [];
    expect(heights.length).toBeLessThan(500);
    expect([Math.min(...heights), Math.max(...heights)]).toEqual([10, 95]);
    expect(stroke?.width).toBe(1);
  });
});

test.for([
  [100, 2, false, 3],
  [100, 2, true, 3],
  [3000, 2, false, 2],
  [3000, 2, true, 1],
  [3000, 1, true, 1],
] as const)(
  '%i positions at %i pixels in one, moving: %s, are lines of %i pixels',
  ([count, ratio, isMoving, width]) => {
    const { strokes, context } = sheet();
    const x = Float64Array.from({ length: count }, (_, index) => index);
    const line = { x, columns: [{ kind: 'line' as const, values: x }], ...COLOURS };
    paintLines(context, [line], { ...VIEW, ratio, isMoving, x: [0, count - 1], y: [0, count - 1] });
    expect(strokes.map((stroke) => stroke.width)).toEqual([width]);
  },
);
