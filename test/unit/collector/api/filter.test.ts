import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEventFilters, parseFolderFilters, parseRunFilters } from '../../../../collector/api/filter.ts';
import { InvalidQuery } from '../../../../collector/api/problem.ts';
import { numbersOf, parseRunSorting } from '../../../../collector/api/sorting.ts';
import type { RunFilter } from '../../../../collector/store/run-filter.ts';
import { RUN_STATUSES } from '../../../../src/semconv.ts';

const one = (text: string): RunFilter | undefined => parseRunFilters(JSON.stringify([text]))[0];

/** The entry of the 422 that a call ends with. */
function refusal(call: () => unknown): InvalidQuery['entry'] {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidQuery) return error.entry;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('filters of runs', () => {
  it.each<[string, RunFilter]>([
    ['name == a b', { kind: 'text', column: 'name', operator: '==', value: 'a b' }],
    ['name contains == x', { kind: 'text', column: 'name', operator: 'contains', value: '== x' }],
    ['name == ', { kind: 'text', column: 'name', operator: '==', value: '' }],
    ['status == lost', { kind: 'status', operator: '==', status: 'lost' }],
    ['folder.path == /a/b c', { kind: 'folder', path: '/a/b c', isDeep: false }],
    ['folder.path under /a/b', { kind: 'folder', path: '/a/b', isDeep: true }],
    ['has tag.two words', { kind: 'tag', tag: 'two words' }],
    ['has not tag.two words', { kind: 'untagged', tag: 'two words' }],
    ['metadata.a exists', { kind: 'metadata', key: 'a', operator: 'exists' }],
    ['metadata.a.b not exists', { kind: 'metadata', key: 'a.b', operator: 'not exists' }],
    ['metadata.my key <= 5', { kind: 'metadata', key: 'my key', operator: '<=', value: '5' }],
    ['metadata.a contains b exists', { kind: 'metadata', key: 'a', operator: 'contains', value: 'b exists' }],
    ['name not contains x', { kind: 'text', column: 'name', operator: 'not contains', value: 'x' }],
    ['status != lost', { kind: 'status', operator: '!=', status: 'lost' }],
    ['folder.path contains /a', { kind: 'text', column: 'folder', operator: 'contains', value: '/a' }],
    ['description not contains a b', { kind: 'text', column: 'description', operator: 'not contains', value: 'a b' }],
    ['description exists', { kind: 'described', isDescribed: true }],
    ['description not exists', { kind: 'described', isDescribed: false }],
    ['created < 2w', { kind: 'age', column: 'created', operator: '<', seconds: 1_209_600 }],
    ['modified > 10m', { kind: 'age', column: 'modified', operator: '>', seconds: 600 }],
    ['user == self', { kind: 'text', column: 'user', operator: '==', value: 'local' }],
    ['user != ann', { kind: 'text', column: 'user', operator: '!=', value: 'ann' }],
    ['starred', { kind: 'starred', user: 'local' }],
    ['created < 5h', { kind: 'age', column: 'created', operator: '<', seconds: 18_000 }],
    ['ended > 1.5d', { kind: 'age', column: 'ended', operator: '>', seconds: 129_600 }],
    ['system.cpu.arch == x86_64', { kind: 'system', key: 'cpu.arch', operator: '==', value: 'x86_64' }],
    ['alert.name == loss high', { kind: 'alert', field: 'name', value: 'loss high' }],
    ['alert.status == critical', { kind: 'alert', field: 'status', value: 'critical' }],
    ['artifact.id == X', { kind: 'artifact', id: 'X' }],
    ['events.errors > 0', { kind: 'number', number: 'events.errors', operator: '>', value: 0 }],
    ['events.warnings == 2', { kind: 'number', number: 'events.warnings', operator: '==', value: 2 }],
    ['events.count <= 1000', { kind: 'number', number: 'events.count', operator: '<=', value: 1000 }],
    ['metrics.residuals.p < 1e-5', { kind: 'number', number: 'metrics.residuals.p', operator: '<', value: 1e-5 }],
    ['metrics.a < b == 3', { kind: 'number', number: 'metrics.a < b', operator: '==', value: 3 }],
    [
      'metrics.Temp °C {k="v"} != -.5',
      { kind: 'number', number: 'metrics.Temp °C {k="v"}', operator: '!=', value: -0.5 },
    ],
    ['metrics.x exists >= 1', { kind: 'number', number: 'metrics.x exists', operator: '>=', value: 1 }],
    ['metrics.loss == NaN', { kind: 'number', number: 'metrics.loss', operator: '==', value: Number.NaN }],
    ['metrics.loss >= -inf', { kind: 'number', number: 'metrics.loss', operator: '>=', value: -Infinity }],
    ['metrics.loss != +Infinity', { kind: 'number', number: 'metrics.loss', operator: '!=', value: Infinity }],
    ['metrics.loss.min exists', { kind: 'number', number: 'metrics.loss.min', operator: 'exists' }],
    ['metrics.two words not exists', { kind: 'number', number: 'metrics.two words', operator: 'not exists' }],
    ['beta > 2.0', { kind: 'metadata', key: 'beta', operator: '>', value: '2.0' }],
    ['metadata.a not contains b', { kind: 'metadata', key: 'a', operator: 'not contains', value: 'b' }],
    ['metadata.a != x == y', { kind: 'metadata', key: 'a', operator: '!=', value: 'x == y' }],
  ])('%j is understood', (text, filter) => {
    expect(one(text)).toEqual(filter);
  });

  it.each([
    ['a > 1 && b < 2', 'joined by &&: send a list, ["a > 1","b < 2"], or for text that holds it'],
    ['a > 1 && status == failed', 'joined by &&: send a list'],
    [
      'name == x and metrics.loss < 1 and starred',
      'joined by and: send a list, ["name == x and metrics.loss < 1","starred"]',
    ],
    ['status == failed or status == lost', 'joined by or: all filters must hold, there is no or'],
    ['lr < 1 || mesh == 2', 'there is no ||'],
  ])('%j in one expression is refused, and what is to be sent is said', (text, expected) => {
    const { loc, msg } = refusal(() => one(text));
    expect(loc).toEqual(['query', 'filters', 0]);
    expect(msg).toContain(expected);
    expect(refusal(() => parseFolderFilters(['name == a && name == b'])).msg).toContain('joined by &&');
  });

  it.each([
    ['name contains salt and pepper', 'salt and pepper'],
    ['metadata.command == make && make test', 'make && make test'],
    ['metadata.note == "a && b > 1"', 'a && b > 1'],
    ['name == "plain"', '"plain"'],
    ['metrics.loss and gain < 3', 3],
  ])('%j is one expression', (text, value) => expect(one(text)).toMatchObject({ value }));

  it.each<[string | string[] | undefined, number]>([
    [undefined, 0],
    ['', 0],
    ['  ', 0],
    ['[]', 0],
    ['name == a', 1],
    ['["name == a","has tag.b"]', 2],
    [['name == a', 'has tag.b'], 2],
  ])('the form %j holds %i expressions', (filters, count) => {
    expect(parseRunFilters(filters)).toHaveLength(count);
  });

  it.each([
    'starred == yes',
    'name < x',
    'status == paused',
    'created < 5 parsecs',
    'created == 5h',
    'alert.status == lost',
    'alert.colour == red',
    'artifact.name == x',
    'metric.loss > 1',
    'foo.bar == 1',
    'events.errors > many',
    'events.errors > -1',
    'events.errors contains 1',
    'events.fatal > 0',
    'event FATAL',
    'name exists',
    'has tag.',
    'metadata.',
    'metadata. == x',
    'metadata.a',
    'name==x',
    '',
  ])('%j is refused and named', (text) => {
    const { loc, msg } = refusal(() => one(text));
    expect(loc).toEqual(['query', 'filters', 0]);
    expect(msg).toMatch(/; supported: |no such status: "paused"; one of created|no such alert status/);
  });

  it.each([
    ['created < 3 hours', 'created|started|modified|ended <|> 5h|3d|1y'],
    ['alert.name contains x', 'alert.name == X, alert.status == ok|critical'],
    ['has no tag.x', 'has|has not tag.X'],
  ])('%j is told what its field can be asked', (text, supported) => {
    expect(refusal(() => one(text)).msg).toBe(
      `filter ${JSON.stringify(text)} is not supported; supported: ${supported}`,
    );
  });

  it('a key with dots that begins with no known field is told how to be asked of the metadata', () => {
    expect(refusal(() => one('mesh.cells > 4')).msg).toMatch(
      /^filter "mesh\.cells > 4" is not supported; supported: "metadata\.mesh\.cells > 4" if it is metadata, "metrics\.mesh\.cells > 4" if it is a metric, name ==/,
    );
    expect(one('metadata.mesh.cells > 4')).toMatchObject({ kind: 'metadata', key: 'mesh.cells' });
  });

  it.each([
    [
      'metrics.loss contains 1',
      'filter "metrics.loss contains 1" is not supported; supported: metrics.X ==|!=|<|<=|>|>= 1e-5, metrics.X exists|not exists',
    ],
    ['metrics.loss', /is not supported; supported: metrics\.X ==/],
    ['metrics. exists', /is not supported; supported: metrics\.X ==/],
    ['metrics.loss <', /is not supported; supported: metrics\.X ==/],
    [
      'metrics.loss < small',
      'not a number: "small"; metrics.loss is compared with a number, such as 1e-5, nan, inf or -inf',
    ],
    ['metrics.loss < 1e', /^not a number: "1e"/],
    ['metrics.loss < 0x10', /^not a number: "0x10"/],
    ['metrics.loss < nan', 'nothing is < nan; metrics.loss can be == or != nan'],
  ])('%j is refused with what metrics can be asked', (text, expected) => {
    const { loc, msg } = refusal(() => one(text));
    expect(loc).toEqual(['query', 'filters', 0]);
    expect(msg).toMatch(expected);
  });

  it('more expressions than a query can hold are refused', () => {
    const filters = (count: number) => JSON.stringify(new Array(count).fill('starred'));
    expect(parseRunFilters(filters(50))).toHaveLength(50);
    expect(refusal(() => parseRunFilters(filters(51))).msg).toBe('more than 50 filters');
    expect(refusal(() => parseFolderFilters(new Array(51).fill('starred'))).msg).toBe('more than 50 filters');
  });

  it('what is not a list of strings is refused', () => {
    expect(refusal(() => parseRunFilters('[1]')).msg).toContain('JSON list of strings');
    expect(refusal(() => parseRunFilters('["a"')).msg).toContain('must be JSON');
  });

  it('any text is parsed or refused, and nothing else happens', () => {
    const words = fc.constantFrom(
      'name',
      'status',
      'metadata.',
      'has tag.',
      ' == ',
      ' exists',
      ' contains ',
      '[',
      '"',
      'a',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((parts) => parts.join('')),
    );
    const given = fc.oneof(
      text,
      fc.array(text),
      fc.array(text).map((list) => JSON.stringify(list)),
    );
    fc.assert(
      fc.property(given, (filters) => {
        for (const parse of [parseRunFilters, parseFolderFilters, parseEventFilters]) {
          try {
            parse(filters);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidQuery);
          }
        }
      }),
    );
  });

  it('parsing what is printed gives the filter again', () => {
    const text = fc.string({ minLength: 1 });
    const key = fc.stringMatching(/^[\w.-]{1,20}$/);
    const filter: fc.Arbitrary<RunFilter> = fc.oneof(
      fc.record({ kind: fc.constantFrom('tag' as const, 'untagged' as const), tag: text }),
      fc.record({
        kind: fc.constant('status' as const),
        operator: fc.constantFrom('==' as const, '!=' as const),
        status: fc.constantFrom(...RUN_STATUSES),
      }),
      fc.record({ kind: fc.constant('folder' as const), path: text, isDeep: fc.boolean() }),
      fc.record({
        kind: fc.constant('text' as const),
        column: fc.constantFrom('name' as const, 'description' as const),
        operator: fc.constantFrom('==' as const, '!=' as const, 'contains' as const, 'not contains' as const),
        value: text,
      }),
      fc.record({
        kind: fc.constant('metadata' as const),
        key,
        operator: fc.constantFrom('exists' as const, 'not exists' as const),
      }),
      fc.record({
        kind: fc.constant('number' as const),
        number: text.map((name) => `metrics.${name}` as const),
        operator: fc.constantFrom('==' as const, '!=' as const),
        value: fc.double(),
      }),
      fc.record({
        kind: fc.constant('number' as const),
        number: text.map((name) => `metrics.${name}` as const),
        operator: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
        value: fc.double({ noNaN: true }),
      }),
      fc.record({
        kind: fc.constant('metadata' as const),
        key,
        operator: fc.constantFrom('==' as const, '!=' as const, 'contains' as const, '<' as const, '>=' as const),
        value: text,
      }),
    );
    fc.assert(
      fc.property(filter, (given) => {
        expect(one(print(given))).toEqual(given);
      }),
    );
  });
});

function print(filter: RunFilter): string {
  if (filter.kind === 'tag') return `has tag.${filter.tag}`;
  if (filter.kind === 'untagged') return `has not tag.${filter.tag}`;
  if (filter.kind === 'status') return `status ${filter.operator} ${filter.status}`;
  if (filter.kind === 'folder') return `folder.path ${filter.isDeep ? 'under' : '=='} ${filter.path}`;
  if (filter.kind === 'text') return `${filter.column} ${filter.operator} ${filter.value}`;
  if (filter.kind === 'number')
    return `${filter.number} ${filter.operator} ${Object.is(filter.value, -0) ? '-0' : filter.value}`;
  if (filter.kind !== 'metadata') throw new Error(`not printed: ${filter.kind}`);
  return `metadata.${filter.key} ${filter.operator}${filter.value === undefined ? '' : ` ${filter.value}`}`;
}

describe('filters of folders and events', () => {
  it('folders are found by path', () => {
    const path = { kind: 'text', column: 'path' } as const;
    expect(parseFolderFilters('["path contains /a","path == /a/b"]')).toEqual([
      { ...path, operator: 'contains', value: '/a' },
      { ...path, operator: '==', value: '/a/b' },
    ]);
    expect(parseFolderFilters('["starred"]', 'ann')).toEqual([{ kind: 'starred', user: 'ann' }]);
    expect(refusal(() => parseFolderFilters('["status == running"]')).msg).toContain('path ==|contains');
    expect(refusal(() => parseFolderFilters('["system.cwd == x"]')).msg).toContain('path ==|contains');
  });

  it('events are found by a part of the message', () => {
    expect(parseEventFilters('')).toBeUndefined();
    expect(parseEventFilters('["event.message contains a b"]')).toBe('a b');
    expect(refusal(() => parseEventFilters('["event.message == a"]')).msg).toContain('event.message contains');
  });
});

describe('sorting of runs', () => {
  it('is by creation, newest first, unless asked otherwise', () => {
    for (const text of [undefined, '', '[]'])
      expect(parseRunSorting(text)).toEqual([{ column: 'created', descending: true }]);
  });

  it('takes the columns in order, in the names of the view', () => {
    const text = '[{"id":"endtime","desc":true},{"id":"metadata.lr","desc":false},{"id":"name"}]';
    expect(parseRunSorting(text)).toEqual([
      { column: 'ended', descending: true },
      { column: 'metadata.lr', descending: false },
      { column: 'name', descending: false },
    ]);
  });

  it('takes last values of metrics anywhere, and metrics alone leave the newest first', () => {
    const loss = { column: 'metrics.loss/train.a', descending: true } as const;
    const newest = { column: 'created', descending: true } as const;
    const name = { column: 'name', descending: false } as const;
    expect(parseRunSorting('[{"id":"metrics.loss/train.a","desc":true}]')).toEqual([loss, newest]);
    const mixed = parseRunSorting('[{"id":"name"},{"id":"metrics.loss/train.a","desc":true}]');
    expect(mixed).toEqual([name, loss]);
    expect(numbersOf({ sort: [...mixed, loss], filters: [] })).toEqual(['metrics.loss/train.a']);
    const filters = parseRunFilters(
      '["events.errors > 0", "events.count > 5", "events.errors < 9", "metrics.loss < 1", "starred"]',
    );
    expect(numbersOf({ sort: [], filters })).toEqual(['events.errors', 'events.count', 'metrics.loss']);
  });

  it.each(['[{"id":"metrics."}]', '[{"id":"__proto__"}]', '[{"id":"metadata."}]', '[null]', '[{}]', '{}', 'x'])(
    '%s is refused',
    (text) => {
      expect(refusal(() => parseRunSorting(text)).loc.slice(0, 2)).toEqual(['query', 'sorting']);
    },
  );
});
