import { describe, expect, it } from 'vitest';
import { artifactKind } from '../../../web/src/lib/artifact-kind.ts';
import { parseColour } from '../../../web/src/lib/colour.ts';
import { endsOf, readFigure } from '../../../web/src/lib/figure.ts';
import { heatPixels, scaleColour } from '../../../web/src/lib/heat.ts';

const read = (data: unknown[], layout: object = {}) => readFigure(JSON.stringify({ data, layout }));
const packed = (values: number[], shape?: string) => ({
  dtype: 'f8',
  bdata: Buffer.from(new Float64Array(values).buffer).toString('base64'),
  ...(shape ? { shape } : {}),
});

describe('a figure of Plotly', () => {
  it('is read with its titles, scales and traces', () => {
    const layout = {
      title: { text: 'Lift' },
      xaxis: { title: 'angle' },
      yaxis: { type: 'log', title: { text: 'force' } },
    };
    const figure = read([{ type: 'scatter', mode: 'markers', name: 'a', x: [1, 2], y: [3, null] }], layout);
    expect(figure).toMatchObject({ title: 'Lift', xTitle: 'angle', yTitle: 'force', xLog: false, yLog: true });
    expect(figure.traces).toEqual([{ kind: 'dots', name: 'a', x: [1, 2], y: [3, null] }]);
    expect(figure.notDrawn).toEqual([]);
  });
  it('takes typed arrays as newer writers pack them, words and dates on x', () => {
    expect(read([{ x: packed([1, 2]), y: packed([3, 4]) }]).traces[0]).toMatchObject({ x: [1, 2], y: [3, 4] });
    const bars = read([
      { type: 'bar', x: ['p', 'U'], y: [1, 2] },
      { type: 'bar', x: ['U', 'k'], y: [5, 6] },
    ]);
    expect(bars.categories).toEqual(['p', 'U', 'k']);
    expect(bars.traces.map(({ x }) => x)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    const dated = read([{ x: ['2026-01-31', '2026-01-31T12:00:00'], y: [1, 2] }]);
    expect(dated).toMatchObject({ isTime: true, traces: [{ x: [1769817600, 1769860800] }] });
    expect(read([{ type: 'heatmap', z: packed([1, 2, 3, 4, 5, 6], '2, 3') }]).heat?.rows).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });
  it('says what is not drawn', () => {
    const figure = read([{ type: 'pie', name: 'share' }, { type: 'surface' }, { y: [1] }], { shapes: [{}] });
    expect(figure.notDrawn).toEqual(['pie “share”', 'surface', 'shapes']);
    expect(figure.traces).toHaveLength(1);
    expect(read([{ y: Array(30_000).fill(1) }]).notDrawn).toEqual(['points of a trace after the first 20000']);
    expect(() => readFigure('{"data": 1}')).toThrow('data');
  });
  it('is known by its type', () => {
    expect(artifactKind({ name: 'lift', mime_type: 'application/vnd.plotly.v1+json' })).toBe('figure');
    expect(artifactKind({ name: 'lift.json', mime_type: 'application/json' })).toBe('json');
    expect(artifactKind({ name: 'README.md', mime_type: 'text/plain' })).toBe('markdown');
  });
});

describe('a heat map', () => {
  it('has a pixel a cell, the first row at the bottom, nothing where there is no number', () => {
    const stops = [parseColour('#000000'), parseColour('#ff0000')];
    const { width, height, data } = heatPixels(
      [
        [0, null],
        [1, 0.5],
      ],
      endsOf([0, 1]),
      stops,
    );
    expect([width, height]).toEqual([2, 2]);
    expect([...data]).toEqual([255, 0, 0, 255, 128, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 0]);
    expect(scaleColour(stops, 7)).toEqual([255, 0, 0]);
  });
});
