import { describe, expect, it } from 'vitest';
import { addFilter, filterProblem, parseFilter, suggestFilters, toWire } from '../../../web/src/lib/filters.ts';

describe('filters', () => {
  it.each([
    ['status failed', 'status == failed'],
    ['status:failed', 'status == failed'],
    ['failed', 'status == failed'],
    ['tag LES', 'has tag.LES'],
    ['/cfd/pitz', 'folder.path == /cfd/pitz'],
    ['folder = /a b', 'folder.path == /a b'],
    ['name contains fine', 'name contains fine'],
    ['mesh study', 'name contains mesh study'],
  ])('%s asks the server for %s', (typed, wire) => {
    const filter = parseFilter(typed);
    expect(filter && toWire([filter])).toEqual([wire]);
  });
  it.each(['', '  ', 'status', 'tag: '])('%j is not a filter yet', (typed) =>
    expect(parseFilter(typed)).toBeUndefined(),
  );
  it('replaces a status, collects tags, and never doubles one', () => {
    const added = ['status failed', 'tag a', 'status lost', 'tag b', 'tag a'].reduce<ReturnType<typeof addFilter>>(
      (filters, typed) => {
        const filter = parseFilter(typed);
        return filter ? addFilter(filters, filter) : filters;
      },
      [],
    );
    expect(toWire(added)).toEqual(['status == lost', 'has tag.b', 'has tag.a']);
  });
  it('says why a filter cannot match', () => {
    expect(filterProblem({ key: 'status', value: 'fine' })).toBe('no such status: fine');
    expect(filterProblem({ key: 'folder', value: 'cfd' })).toBe('a folder begins with /');
    expect(filterProblem({ key: 'tag', value: 'x' })).toBeUndefined();
  });
  it('suggests keys, then known values', () => {
    expect(suggestFilters('s', [], [])).toEqual(['status ']);
    expect(suggestFilters('status r', [], [])).toEqual(['status created', 'status running', 'status terminated']);
    expect(suggestFilters('tag L', ['LES', 'fine'], [])).toEqual(['tag LES']);
    expect(suggestFilters('', [], [])).toEqual([]);
  });
});
