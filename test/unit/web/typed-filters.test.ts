import { describe, expect, it } from 'vitest';
import { parseRunFilters } from '../../../collector/api/filter.ts';
import { parseTyped } from '../../../web/src/lib/typed-filters.ts';

const known = { metadata: ['lr', 'both', 'mesh.cells'], metrics: ['residuals.p', 'both', 'loss and gain'] };
const typed = (text: string) => parseTyped(text, known);

describe('what is typed in one go', () => {
  it.each([
    ['metadata.lr < 0.01 && status == completed', ['metadata.lr < 0.01', 'status == completed']],
    ['a > 1 and b < 2 AND tag LES', ['metadata.a > 1', 'metadata.b < 2', 'has tag.LES']],
    ['a>1&&b<2', ['metadata.a > 1', 'metadata.b < 2']],
    ['mesh and failed', ['name contains mesh', 'status == failed']],
    ['lr exists and created within 3h', ['metadata.lr exists', 'created < 3h']],
    ['metrics.residuals.p < 1e-5 and starred', ['metrics.residuals.p < 1e-5', 'starred']],
    ['fine && coarse', ['name contains fine', 'name contains coarse']],
    ['name is "x" && lr > 1', ['name == x', 'metadata.lr > 1']],
  ])('%j is several filters', (text, filters) => {
    expect(typed(text)).toEqual({ filters, rest: '' });
    expect(parseRunFilters(JSON.stringify(filters))).toHaveLength(filters.length);
  });

  it.each([
    ['fish and chips', 'name contains fish and chips'],
    ['name contains salt or pepper', 'name contains salt or pepper'],
    ['description contains cats and dogs', 'description contains cats and dogs'],
    ['metadata.note == "a && b"', 'metadata.note == "a && b"'],
    ["metadata.note == 'lr > 1 and status failed'", 'metadata.note == "lr > 1 and status failed"'],
    ['name contains "x or failed"', 'name contains "x or failed"'],
    ['metrics.loss and gain < 3', 'metrics.loss and gain < 3'],
    ['name contains sandy', 'name contains sandy'],
  ])('%j is one text', (text, filter) => expect(typed(text)).toEqual({ filters: [filter], rest: '' }));

  it.each(['a > 1 || b < 2', 'failed or lost', 'lr < 1 and status failed OR status lost'])(
    '%j is refused as a whole, and stays',
    (text) =>
      expect(typed(text)).toMatchObject({
        filters: [],
        rest: text,
        problem: expect.stringContaining('there is no “or”'),
      }),
  );

  it('what is not a filter yet stays to be finished', () => {
    expect(typed('a > 1 && status')).toEqual({ filters: ['metadata.a > 1'], rest: 'status' });
    expect(typed('a > 1 && ')).toEqual({ filters: ['metadata.a > 1'], rest: '' });
    expect(typed('&&')).toEqual({ filters: [], rest: '' });
  });

  it.each([
    ['mesh.cells > 1', 'metadata.mesh.cells > 1'],
    ['residuals.p < 1', 'metrics.residuals.p < 1'],
    ['both < 1', 'metadata.both < 1'],
    ['gpu.name contains H100', 'system.gpu.name contains H100'],
    ['un.known = 1', 'metadata.un.known == 1'],
    ['residuals.p not exists', 'metrics.residuals.p not exists'],
  ])('the bare key of %j becomes a full one by what is known', (text, filter) =>
    expect(typed(text).filters).toEqual([filter]),
  );
});
