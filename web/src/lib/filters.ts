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
const UNARY = /^((?:metadata|system)\.\S+|description)\s+(not exists|exists)$/;
const WIRE = /^(\S+) (==|!=|<=|>=|<|>|not contains|contains|under) ([\s\S]*)$/;

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
const KEYS = [...DEFAULT_OPERATOR.keys(), ...WORD_FILTERS.keys(), 'metadata.', 'system.'];

/** The filter that was typed: `status failed`, `tag:LES`, `Re > 2000`, `created within 3h`, `/folder`, a status, or any text (name contains). */
export function parseFilter(text: string): Filter | undefined {
  const typed = text.trim();
  const lower = typed.toLowerCase();
  const bare = lower.replace(/[:=\s]+$/, '');
  if (bare === '' || /^(?:metadata|system)\.$/.test(bare)) return undefined;
  // `created` is a status and a key: alone it is the status.
  if (DEFAULT_OPERATOR.has(bare) && !isStatus(lower)) return undefined;
  const whole = WORD_FILTERS.get(lower);
  if (whole !== undefined) return whole;
  if (typed.startsWith('/')) return `folder.path under ${typed}`;
  if (isStatus(lower)) return `status == ${lower}`;
  if (UNARY.test(typed) || /^has (not )?tag\./.test(typed)) return typed;
  const [, key = '', symbol, word, value = ''] = TYPED.exec(typed) ?? [];
  const known = DEFAULT_OPERATOR.get(key.toLowerCase());
  const given = symbol ?? word;
  if (given === undefined && known === undefined) return `name contains ${typed}`;
  const operator = given === undefined ? (known ?? '==') : (WORDS[given] ?? given);
  return wire(known === undefined ? key : key.toLowerCase(), operator, value);
}

export const isStatus = (text: string): boolean => (STATUSES as readonly string[]).includes(text);

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
  const [, path, existence] = UNARY.exec(filter) ?? [];
  if (path !== undefined && existence)
    return { key: path, operator: existence === 'exists' ? 'is set' : 'is not set', value: '' };
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

/** Completions of what is typed: keys first (all of them where nothing is), then the values that are known. */
export function suggestFilters(text: string, known: KnownValues): string[] {
  const typed = text.trimStart().toLowerCase();
  const [, key, rest = ''] = /^(\w+)(?::|=|\s)+(?:is\s+)?(.*)$/.exec(typed) ?? [];
  const values = new Map<string | undefined, readonly string[]>([
    ['status', STATUSES],
    ['tag', known.tags],
    ['folder', known.folders],
    ['user', ['self']],
    ...TIMES.map((time) => [time, ['1h', '1d', '7d', '30d']] as const),
  ]);
  const candidates = values.get(key);
  if (candidates)
    return candidates
      .filter((value) => value.toLowerCase().includes(rest))
      .slice(0, SUGGESTIONS)
      .map((value) => `${key} ${value}`);
  if (/\s/.test(typed) && !typed.startsWith('has ')) return [];
  const metadata = known.metadata
    .map((name) => `metadata.${name} `)
    .filter((name) => typed !== '' && name.toLowerCase().includes(typed));
  const keys = KEYS.filter((name) => name !== typed && [typed, `has ${typed}`].some((start) => name.startsWith(start)));
  const all = [...keys.map((name) => (WORD_FILTERS.has(name) || name.endsWith('.') ? name : `${name} `)), ...metadata];
  return typed === '' ? all : all.slice(0, SUGGESTIONS);
}
