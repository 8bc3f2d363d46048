/** An expression of the Simvue REST API, such as `status == failed`; several are joined by AND. */
export type Filter = string;

export const STATUSES = ['created', 'running', 'completed', 'failed', 'terminated', 'lost'] as const;
const TIMES = ['created', 'started', 'ended', 'modified'];

/** A filter as the bar shows it. */
export interface Chip {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
}

/** Values that the shown runs have, for completion. */
export interface KnownValues {
  readonly tags: readonly string[];
  readonly folders: readonly string[];
  readonly metadata: readonly string[];
  readonly metrics: readonly string[];
  readonly users: readonly string[];
}

const WORDS: Record<string, string> = {
  is: '==',
  '=': '==',
  ':': '==',
  'is not': '!=',
  within: '<',
  before: '>',
  'does not contain': 'not contains',
};
const TYPED =
  /^(\S+?)(?:\s*(==|!=|<=|>=|<|>|=|:)\s*|\s+(is not|is|not contains|does not contain|contains|within|before|under)\s+|\s+)(\S[\s\S]*)$/;
const UNARY = /^(metrics\..+?|(?:metadata|system)\.\S+|description)\s+(?:(exists|is set)|not exists|is not set)$/s;
/** The name of a metric may hold anything; what it is compared with is one word. */
const METRIC = /^(metrics\..+?)(?:\s*(==|!=|<=|>=|<|>|=)\s*|\s+(is not|is)\s+)([^\s<>=!]+)$/s;
const WIRE = /^(metrics\..+(?= \S+ \S+$)|\S+) (==|!=|<=|>=|<|>|not contains|contains|under) (.*)$/s;

/** Keys that may stand alone before a value, with the operator that is meant. */
const DEFAULT_OPERATOR = new Map([
  ['status', '=='],
  ['tag', '=='],
  ['folder', 'under'],
  ['name', 'contains'],
  ['description', 'contains'],
  ['user', '=='],
  ['alert', '=='],
  ...TIMES.map((key) => [key, '<'] as const),
  ['events', '>'],
]);
/** Words that are filters by themselves. */
const WORD_FILTERS = new Map<string, Filter>([
  ['starred', 'starred'],
  ['firing', 'alert.status == critical'],
  ['mine', 'user == self'],
  ['has errors', 'events.errors > 0'],
  ['has warnings', 'events.warnings > 0'],
]);
const KEYS = [...DEFAULT_OPERATOR.keys(), ...WORD_FILTERS.keys(), 'metadata.', 'metrics.', 'system.'];

/** The filter that was typed: `status failed`, `tag:LES`, `Re > 2000`, `metrics.loss < 1e-5`, `created within 3h`, `/folder`, a status, or any text (name contains). */
export function parseFilter(text: string): Filter | undefined {
  const typed = text.trim();
  const lower = typed.toLowerCase();
  const bare = lower.replace(/[:=\s]+$/, '');
  if (bare === '' || /^(?:metadata|metrics|system)\.$/.test(bare)) return undefined;
  // `created` is a status and a key: alone it is the status.
  if (DEFAULT_OPERATOR.has(bare) && !isStatus(lower)) return undefined;
  const whole = WORD_FILTERS.get(lower);
  if (whole !== undefined) return whole;
  if (typed.startsWith('/')) return `folder.path under ${typed}`;
  if (isStatus(lower)) return `status == ${lower}`;
  if (/^has (not )?tag\./.test(typed)) return typed;
  const [, owner, isSet] = UNARY.exec(typed) ?? [];
  if (owner !== undefined) return `${owner} ${isSet ? 'exists' : 'not exists'}`;
  if (lower.startsWith('metrics.')) return metricFilter(typed);
  const [, key = '', symbol, word, value = ''] = TYPED.exec(typed) ?? [];
  const known = DEFAULT_OPERATOR.get(key.toLowerCase());
  const given = symbol ?? word;
  if (given === undefined && known === undefined) return `name contains ${typed}`;
  const operator = given === undefined ? (known ?? '==') : (WORDS[given] ?? given);
  return wire(known === undefined ? key : key.toLowerCase(), operator, value);
}

export const isStatus = (text: string): boolean => (STATUSES as readonly string[]).includes(text);

/** The name alone asks whether there is such a metric; what is not understood is for the collector to refuse. */
function metricFilter(typed: string): Filter {
  const [, metric, symbol, word, value] = METRIC.exec(typed) ?? [];
  const operator = symbol ?? word ?? '';
  if (value !== undefined) return `${metric} ${WORDS[operator] ?? operator} ${value}`;
  return /\s/.test(typed) ? typed : `${typed} exists`;
}

function wire(key: string, operator: string, value: string): Filter {
  if (key === 'tag') return operator === '!=' ? `has not tag.${value}` : `has tag.${value}`;
  if (key === 'status') return `status ${operator} ${value.toLowerCase()}`;
  if (key === 'folder') return `folder.path ${operator} ${value}`;
  if (key === 'events') return `events.count ${operator} ${value}`;
  if (key === 'alert') return `alert.name ${operator} ${value}`;
  if (TIMES.includes(key)) return `${key} ${operator === '==' ? '<' : operator} ${value.replaceAll(' ', '')}`;
  return DEFAULT_OPERATOR.has(key) || key.includes('.')
    ? `${key} ${operator} ${value}`
    : `metadata.${key} ${operator} ${value}`;
}

const CHIP_KEYS = new Map([
  ['folder.path', 'folder'],
  ['events.count', 'events'],
]);
const OPERATOR_WORDS: Record<string, string> = { '==': 'is', '!=': 'is not', 'not contains': 'does not contain' };

/** A filter in three parts to read. */
export function chipOf(filter: Filter): Chip {
  const [, not, tag] = /^has (not )?tag\.([\s\S]+)$/.exec(filter) ?? [];
  if (tag !== undefined) return { key: 'tag', operator: not ? 'is not' : 'is', value: tag };
  if (filter === 'alert.status == critical') return { key: 'alerts', operator: 'are', value: 'firing' };
  const [, level = ''] = /^events\.(errors|warnings) > 0$/.exec(filter) ?? [];
  if (level) return { key: 'has', operator: '', value: level };
  const [, path, isSet] = UNARY.exec(filter) ?? [];
  if (path !== undefined) return { key: path, operator: isSet ? 'is set' : 'is not set', value: '' };
  const [, key, operator = '', value = ''] = WIRE.exec(filter) ?? [];
  if (key === undefined) return { key: filter, operator: '', value: '' };
  const age = TIMES.includes(key) ? { '<': 'within', '>': 'before' }[operator] : undefined;
  return { key: CHIP_KEYS.get(key) ?? key, operator: age ?? OPERATOR_WORDS[operator] ?? operator, value };
}

/** Adds a filter; a run has one status and one folder, so these replace the former one. */
export function addFilter(filters: readonly Filter[], added: Filter): Filter[] {
  const single = /^(?:status ==|folder\.path) /.exec(added)?.[0];
  return [...filters.filter((filter) => filter !== added && !(single && filter.startsWith(single))), added];
}

const SUGGESTIONS = 8;
/** What Simvue's clients say of the machine. */
const SYSTEM = [
  'hostname',
  'cwd',
  'pythonversion',
  'platform.system',
  'platform.release',
  'platform.version',
  'cpu.arch',
  'cpu.processor',
  'gpu.name',
  'gpu.driver',
];
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
  // A metric that is asked like metadata.
  const metric = known.metrics.find((name) =>
    /^ ?(?:[<>]|[=!]=)/.test(typed.startsWith(name) ? typed.slice(name.length) : ''),
  );
  if (metric !== undefined) return [`metrics.${typed}`];
  const found = names.filter((name) => isBegun(name.toLowerCase(), lower)).map((name) => `${name} `);
  if (/\s/.test(typed) && !lower.startsWith('has ')) return found.slice(0, SUGGESTIONS);
  const keys = KEYS.filter((name) => name !== lower && [lower, `has ${lower}`].some((start) => name.startsWith(start)));
  const all = [...keys.map((name) => (WORD_FILTERS.has(name) || name.endsWith('.') ? name : `${name} `)), ...found];
  return typed === '' ? all : all.slice(0, SUGGESTIONS);
}

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
