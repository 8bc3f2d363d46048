import { DEFAULT_OPERATOR, type KnownNames, STATUSES, SYSTEM, TIMES, WORD_FILTERS } from './filters.ts';

/** Values that the shown runs have, for completion. */
export interface KnownValues extends KnownNames {
  readonly tags: readonly string[];
  readonly folders: readonly string[];
  readonly users: readonly string[];
}

const KEYS = [...DEFAULT_OPERATOR.keys(), ...WORD_FILTERS.keys(), 'metadata.', 'metrics.', 'system.'];
const SUGGESTIONS = 8;
const LEAF_OPERATORS = ['== ', '!= ', '< ', '<= ', '> ', '>= ', 'contains ', 'not contains ', 'exists', 'not exists'];
/** Operators of the keys of which no value is known. */
const OPERATORS = new Map<string, readonly string[]>([
  ['name', ['contains ', 'is ', 'is not ', 'does not contain ']],
  ['description', ['contains ', 'is ', 'is not ', 'does not contain ', 'exists', 'not exists']],
  ['alert', ['is ']],
  ['events', ['> ', '>= ', '< ', '<= ', '== ', '!= ']],
  ['metadata.', LEAF_OPERATORS],
  ['system.', LEAF_OPERATORS],
  ['metrics.', ['< ', '<= ', '> ', '>= ', '== ', '!= ', '== nan', 'exists', 'not exists']],
]);

/** Completions of what is typed: keys first (all of them where nothing is), then operators, or the values that are known. */
export function suggestFilters(text: string, known: KnownValues): string[] {
  const typed = text.trimStart();
  const lower = typed.toLowerCase();
  const [, key, rest = ''] = /^(\w+)(?::|=|\s)+(?:is\s+)?(.*)$/.exec(lower) ?? [];
  const values = new Map<string | undefined, readonly string[]>([
    ['status', STATUSES],
    ['tag', known.tags],
    ['folder', known.folders],
    ['user', ['self', ...known.users]],
    ...TIMES.map((time) => [time, ['1h', '1d', '7d', '30d']] as const),
  ]);
  const candidates = values.get(key);
  if (candidates)
    return candidates
      .filter((value) => value.toLowerCase().includes(rest))
      .slice(0, SUGGESTIONS)
      .map((value) => `${key} ${value}`);
  const names = [
    ...known.metadata.map((name) => `metadata.${name}`),
    ...known.metrics.map((name) => `metrics.${name}`),
    ...SYSTEM.map((name) => `system.${name}`),
  ];
  const operators = suggestOperators(typed, names);
  if (operators) return operators;
  const full = names.filter((name) => isAskedBare(name.slice(name.indexOf('.') + 1), typed));
  if (full.length > 0) return full.map((name) => name.slice(0, name.indexOf('.') + 1) + typed);
  const found = names.filter((name) => isBegun(name.toLowerCase(), lower)).map((name) => `${name} `);
  if (/\s/.test(typed) && !lower.startsWith('has ')) return found.slice(0, SUGGESTIONS);
  const keys = KEYS.filter((name) => name !== lower && [lower, `has ${lower}`].some((start) => name.startsWith(start)));
  // A whole key is answered like one with a space behind it: there is nothing left to complete of the key.
  const begun = DEFAULT_OPERATOR.has(lower) ? suggestFilters(`${lower} `, known) : [];
  const all = [
    ...begun,
    ...keys.map((name) => (WORD_FILTERS.has(name) || name.endsWith('.') ? name : `${name} `)),
    ...found,
  ];
  return typed === '' ? all : [...new Set(all)].slice(0, SUGGESTIONS);
}

/** The name without what it is of, before an operator. */
const isAskedBare = (name: string, typed: string): boolean =>
  typed.startsWith(name) && /^(?: ?(?:[<>]|[=!]=)| (?:is|contains|exists)\b)/.test(typed.slice(name.length));

/** A part of the name, or the beginning of the whole. */
const isBegun = (name: string, typed: string): boolean =>
  typed !== '' && (name.startsWith(typed) || name.includes(typed, name.indexOf('.')));

/** Operators behind a key that is there, the longest that is known. */
function suggestOperators(typed: string, names: readonly string[]): string[] | undefined {
  const keys = [...names, ...OPERATORS.keys()].filter((name) => typed.startsWith(`${name} `));
  const key =
    keys.reduce((longest, name) => (name.length > longest.length ? name : longest), '') ||
    /^(?:metadata|system|metrics)\.\S+(?= )/.exec(typed)?.[0];
  if (key === undefined) return undefined;
  const begun = typed.slice(key.length + 1);
  const operators = OPERATORS.get(key) ?? OPERATORS.get(key.slice(0, key.indexOf('.') + 1)) ?? [];
  return operators
    .filter((operator) => operator !== begun && operator.startsWith(begun))
    .map((operator) => `${key} ${operator}`);
}
