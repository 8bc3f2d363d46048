import { describe, expect, it } from 'vitest';
import { parseRunFilters } from '../../../collector/api/filter.ts';
import { suggestFilters } from '../../../web/src/lib/filter-suggestions.ts';
import { addFilters, chipOf, parseFilter, STATUSES, SYSTEM } from '../../../web/src/lib/filters.ts';

const TYPED = [
  ['status failed', 'status == failed', 'status is failed'],
  ['status:Failed', 'status == failed', 'status is failed'],
  ['failed', 'status == failed', 'status is failed'],
  ['created', 'status == created', 'status is created'],
  ['status is not lost', 'status != lost', 'status is not lost'],
  ['tag LES', 'has tag.LES', 'tag is LES'],
  ['tag is not sweep B', 'has not tag.sweep B', 'tag is not sweep B'],
  ['/cfd/pitz', 'folder.path under /cfd/pitz', 'folder under /cfd/pitz'],
  ['folder under /cfd', 'folder.path under /cfd', 'folder under /cfd'],
  ['folder /cfd', 'folder.path under /cfd', 'folder under /cfd'],
  ['folder = /a b', 'folder.path == /a b', 'folder is /a b'],
  ['folder contains cfd', 'folder.path contains cfd', 'folder contains cfd'],
  ['name contains fine', 'name contains fine', 'name contains fine'],
  ['name fine', 'name contains fine', 'name contains fine'],
  ['hostname is vm', 'system.hostname == vm', 'system.hostname is vm'],
  ['mesh.cells > 1', 'metadata.mesh.cells > 1', 'metadata.mesh.cells > 1'],
  ['lr exists', 'metadata.lr exists', 'metadata.lr is set '],
  ['cwd is not set', 'system.cwd not exists', 'system.cwd is not set '],
  ['status == "completed"', 'status == completed', 'status is completed'],
  ["name contains 'a b'", 'name contains a b', 'name contains a b'],
  ['mesh study', 'name contains mesh study', 'name contains mesh study'],
  ['description does not contain draft', 'description not contains draft', 'description does not contain draft'],
  ['description exists', 'description exists', 'description is set '],
  ['created within 3h', 'created < 3h', 'created within 3h'],
  ['started before 2 d', 'started > 2d', 'started before 2d'],
  ['metadata.Re >= 2e4', 'metadata.Re >= 2e4', 'metadata.Re >= 2e4'],
  ['Re<20000', 'metadata.Re < 20000', 'metadata.Re < 20000'],
  ['metadata.solver not exists', 'metadata.solver not exists', 'metadata.solver is not set '],
  ['metadata.solver is not set', 'metadata.solver not exists', 'metadata.solver is not set '],
  ['metrics.residuals.p < 1e-5', 'metrics.residuals.p < 1e-5', 'metrics.residuals.p < 1e-5'],
  ['metrics.loss>=.5', 'metrics.loss >= .5', 'metrics.loss >= .5'],
  ['metrics.a < b != 3', 'metrics.a < b != 3', 'metrics.a < b is not 3'],
  ['metrics.Temp °C {k="v"} < 20', 'metrics.Temp °C {k="v"} < 20', 'metrics.Temp °C {k="v"} < 20'],
  ['metrics.loss is nan', 'metrics.loss == nan', 'metrics.loss is nan'],
  ['metrics.loss = -inf', 'metrics.loss == -inf', 'metrics.loss is -inf'],
  ['metrics.loss', 'metrics.loss exists', 'metrics.loss is set '],
  ['metrics.loss is not set', 'metrics.loss not exists', 'metrics.loss is not set '],
  ['metrics.my loss exists', 'metrics.my loss exists', 'metrics.my loss is set '],
  ['metadata.my key <= 5', 'metadata.my key <= 5', 'metadata.my key <= 5'],
  ['metadata.my key does not contain a b', 'metadata.my key not contains a b', 'metadata.my key does not contain a b'],
  ['metadata.note contains b exists', 'metadata.note contains b exists', 'metadata.note contains b exists'],
  ['metadata.my key exists', 'metadata.my key exists', 'metadata.my key exists  '],
  ['metadata.Re', 'metadata.Re exists', 'metadata.Re is set '],
  ['system.hostname node07', 'system.hostname == node07', 'system.hostname is node07'],
  ['alert.status critical', 'alert.status == critical', 'alerts are firing'],
  ['id = aVTWGxtWy8iYEIqRB2SRTi', 'id == aVTWGxtWy8iYEIqRB2SRTi', 'id is aVTWGxtWy8iYEIqRB2SRTi'],
  ['system.hostname is node07', 'system.hostname == node07', 'system.hostname is node07'],
  ['alert diverges', 'alert.name == diverges', 'alert.name is diverges'],
  ['firing', 'alert.status == critical', 'alerts are firing'],
  ['has errors', 'events.errors > 0', 'has  errors'],
  ['Has warnings', 'events.warnings > 0', 'has  warnings'],
  ['events 100', 'events.count > 100', 'events > 100'],
  ['events = 0', 'events.count == 0', 'events is 0'],
  ['events.errors >= 3', 'events.errors >= 3', 'events.errors >= 3'],
  ['constructor', 'name contains constructor', 'name contains constructor'],
  ['mine', 'user == self', 'user is self'],
  ['starred', 'starred', 'starred  '],
] as const;

describe('filters', () => {
  it.each(TYPED)('%s is %s, read as %s', (typed, wire, words) => {
    expect(parseFilter(typed)).toBe(wire);
    const { key, operator, value } = chipOf(wire);
    expect(`${key} ${operator} ${value}`).toBe(words);
  });

  it('are what the collector understands', () => {
    for (const [, wire] of TYPED) expect(parseRunFilters(JSON.stringify([wire]))).toHaveLength(1);
  });

  it.each(TYPED)('what is read of %s can be typed', (_typed, wire, words) => {
    const isSentence = words === 'alerts are firing';
    expect(parseFilter(isSentence ? 'firing' : words.replace(/\s+/g, ' '))).toBe(wire);
  });

  it.each(['metrics.loss contains 1', 'metrics.loss < small thing', 'metrics.loss <'])(
    '%j is left to the collector to refuse',
    (typed) => {
      expect(parseFilter(typed)).toBe(typed);
      expect(() => parseRunFilters(JSON.stringify([typed]))).toThrow(/metrics\.X ==/);
    },
  );

  it.each(['', '  ', 'status', 'tag: ', 'metadata.', 'metrics.', 'user '])('%j is not a filter yet', (typed) =>
    expect(parseFilter(typed)).toBeUndefined(),
  );

  it('replaces a status, collects tags, and never doubles one', () => {
    const typed = ['status failed', 'tag a', 'status lost', 'tag b', 'tag a', 'status is not created'];
    const added = typed.reduce<readonly string[]>(
      (filters, text) => addFilters(filters, [parseFilter(text) ?? '']),
      [],
    );
    expect(added).toEqual(['status == lost', 'has tag.b', 'has tag.a', 'status != created']);
  });

  it('suggests keys, then known values', () => {
    const known = {
      tags: ['LES', 'fine'],
      folders: ['/cfd'],
      metadata: ['Re', 'solver'],
      metrics: ['loss', 'residuals.p', 'Temp °C'],
      users: ['ann'],
    };
    expect(suggestFilters('s', known)).toEqual([
      'status ',
      'started ',
      'starred',
      'system.',
      'metadata.solver ',
      'metrics.loss ',
      'metrics.residuals.p ',
      'system.hostname ',
    ]);
    expect(suggestFilters('status r', known)).toEqual(['status created', 'status running', 'status terminated']);
    expect(suggestFilters('tag L', known)).toEqual(['tag LES']);
    expect(suggestFilters('created ', known)).toEqual(['created 1h', 'created 1d', 'created 7d', 'created 30d']);
    expect(suggestFilters('e', known)).toEqual([
      'ended ',
      'events ',
      'has errors',
      'metadata.Re ',
      'metadata.solver ',
      'metrics.residuals.p ',
      'metrics.Temp °C ',
      'system.hostname ',
    ]);
    expect(suggestFilters('constructor ', known)).toEqual([]);
    expect(suggestFilters('has w', known)).toEqual(['has warnings']);
    expect(suggestFilters('Re', known)).toEqual(['metadata.Re ', 'metrics.residuals.p ', 'system.platform.release ']);
    expect(suggestFilters('user ', known)).toEqual(['user self', 'user ann']);
    expect(suggestFilters('loss', known)).toEqual(['metrics.loss ']);
    expect(suggestFilters('temp °', known)).toEqual(['metrics.Temp °C ']);
    expect(suggestFilters('system.gpu', known)).toEqual(['system.gpu.name ', 'system.gpu.driver ']);
    expect(suggestFilters('', known)).toEqual(
      expect.arrayContaining(['status ', 'tag ', 'folder ', 'created ', 'firing', 'metadata.', 'metrics.', 'system.']),
    );
  });

  it.each([
    ['tag', ['tag LES', 'tag sweep B', 'metadata.stage ']],
    ['Tag', ['tag LES', 'tag sweep B', 'metadata.stage ']],
    ['folder', ['folder /cfd']],
    ['status', STATUSES.map((status) => `status ${status}`)],
    ['user', ['user self', 'user ann', 'metadata.user ']],
    ['created', ['created 1h', 'created 1d', 'created 7d', 'created 30d']],
    [
      'name',
      ['name contains ', 'name is ', 'name is not ', 'name does not contain ', 'system.hostname ', 'system.gpu.name '],
    ],
    ['alert', ['alert is ']],
    ['events', ['events > ', 'events >= ', 'events < ', 'events <= ', 'events == ', 'events != ']],
    ['metadata', ['metadata.', 'metadata.stage ', 'metadata.user ']],
    ['metric', ['metrics.', 'metrics.loss ']],
    ['metrics', ['metrics.', 'metrics.loss ']],
    ['system', ['system.', ...SYSTEM.slice(0, 7).map((name) => `system.${name} `)]],
    ['id', []],
  ])('suggests what goes on behind the whole word %s', (word, suggestions) => {
    const known = {
      tags: ['LES', 'sweep B'],
      folders: ['/cfd'],
      metadata: ['stage', 'user'],
      metrics: ['loss'],
      users: ['ann'],
    };
    expect(suggestFilters(word, known)).toEqual(suggestions);
  });

  it('suggests no completion twice', () => {
    const known = { tags: [], folders: [], metadata: ['id x'], metrics: ['grid size'], users: [] };
    const suggestions = suggestFilters('id', known);
    expect(new Set(suggestions).size).toBe(suggestions.length);
  });

  it('suggests operators behind a key, and the metric that was asked like metadata', () => {
    const known = {
      tags: [],
      folders: [],
      metadata: ['loss'],
      metrics: ['loss', 'loss < b', 'residuals.p'],
      users: [],
    };
    const operators = (text: string) => suggestFilters(text, known).map((suggestion) => suggestion.slice(text.length));
    expect(operators('metrics.loss ')).toEqual([
      '< ',
      '<= ',
      '> ',
      '>= ',
      '== ',
      '!= ',
      '== nan',
      'exists',
      'not exists',
    ]);
    expect(operators('metrics.loss < b ')).toEqual(operators('metrics.loss '));
    expect(operators('metrics.loss =')).toEqual(['= ', '= nan']);
    expect(operators('metrics.loss < 1')).toEqual([]);
    expect(operators('metadata.unknown ')).toContain('contains ');
    expect(operators('name ')).toEqual(['contains ', 'is ', 'is not ', 'does not contain ']);
    expect(operators('events 100')).toEqual([]);
    expect(suggestFilters('residuals.p < 1e-5', known)).toEqual(['metrics.residuals.p < 1e-5']);
  });
});
