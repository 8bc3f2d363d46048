/** An expression of the Simvue REST API, such as `status == failed`; several are joined by AND. */
export type Filter = string;

export const STATUSES = ['created', 'running', 'completed', 'failed', 'terminated', 'lost'] as const;
/** Keys that are compared with an age. */
export const TIMES = ['created', 'started', 'ended', 'modified'];

/** A filter as the bar shows it. */
export interface Chip {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
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
/** Names that are known, by which a key is understood that says not what it is of. */
export interface KnownNames {
  readonly metadata: readonly string[];
  readonly metrics: readonly string[];
}
const NO_NAMES: KnownNames = { metadata: [], metrics: [] };
/** What Simvue's clients say of the machine. */
export const SYSTEM = [
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
const UNARY = /^(metrics\..+?|(?:metadata|system)\.\S+|description)\s+(?:(exists|is set)|not exists|is not set)$/s;
/** Something that is not said to be metadata. */
const BARE_UNARY = /^([^\s:=<>!]+)\s+((?:not )?exists|is (?:not )?set)$/;
/** The name of a metric may hold anything; what it is compared with is one word. */
const METRIC = /^(metrics\..+?)(?:\s*(==|!=|<=|>=|<|>|=)\s*|\s+(is not|is)\s+)([^\s<>=!]+)$/s;
/** The key may have spaces: it ends at the first operator. */
const LEAF =
  /^((?:metadata|system)\..+?)(?:\s*(==|!=|<=|>=|<|>|=)\s*|\s+(is not|is|not contains|does not contain|contains)\s+)(\S.*)$/s;
const WIRE =
  /^(metrics\..+(?= \S+ \S+$)|(?:metadata|system)\..+?|\S+) (==|!=|<=|>=|<|>|not contains|contains|under) (.*)$/s;

/** Keys that may stand alone before a value, with the operator that is meant. */
export const DEFAULT_OPERATOR = new Map([
  ['status', '=='],
  ['tag', '=='],
  ['folder', 'under'],
  ['name', 'contains'],
  ['description', 'contains'],
  ['user', '=='],
  ['id', '=='],
  ['alert', '=='],
  ...TIMES.map((key) => [key, '<'] as const),
  ['events', '>'],
]);
/** Words that are filters by themselves. */
export const WORD_FILTERS = new Map<string, Filter>([
  ['starred', 'starred'],
  ['firing', 'alert.status == critical'],
  ['mine', 'user == self'],
  ['has errors', 'events.errors > 0'],
  ['has warnings', 'events.warnings > 0'],
]);

/** The filter that was typed: `status failed`, `tag:LES`, `Re > 2000`, `metrics.loss < 1e-5`, `created within 3h`, `/folder`, a status, or any text (name contains); a value in quotes is without them. */
export function parseFilter(text: string, known: KnownNames = NO_NAMES): Filter | undefined {
  const typed = text.trim().replace(/(?<=[\s=<>:])(?:"([^"]*)"|'([^']*)')$/, unquoted);
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
  if (/^(?:metadata|metrics|system)\./.test(lower)) return dottedFilter(typed);
  const [, bareKey = '', presence = ''] = BARE_UNARY.exec(typed) ?? [];
  if (bareKey && !DEFAULT_OPERATOR.has(bareKey.toLowerCase()) && !FIELD.test(bareKey))
    return `${fullKey(bareKey, known)} ${presence.includes('not') ? 'not exists' : 'exists'}`;
  const [, key = '', symbol, word, value = ''] = TYPED.exec(typed) ?? [];
  const usual = DEFAULT_OPERATOR.get(key.toLowerCase());
  const given = symbol ?? word;
  if (given === undefined && usual === undefined && !FIELD.test(key)) return `name contains ${typed}`;
  const operator = given === undefined ? (usual ?? '==') : (WORDS[given] ?? given);
  if (usual !== undefined) return wire(key.toLowerCase(), operator, value);
  return `${FIELD.test(key) ? key : fullKey(key, known)} ${operator} ${value}`;
}

const FIELD = /^(?:alert|artifact|events|folder)\./;

/** A key that says not what it is of: metadata or a metric of this name that is known, else what is known of machines, else metadata; its dots say nothing. */
function fullKey(key: string, { metadata, metrics }: KnownNames): string {
  if (metadata.includes(key)) return `metadata.${key}`;
  if (metrics.includes(key)) return `metrics.${key}`;
  return `${SYSTEM.includes(key) ? 'system' : 'metadata'}.${key}`;
}

/** What is joined needs its quotes: they say that it is text. */
function unquoted(quoted: string): string {
  return /&&|\|\||\s(?:and|or)\s/i.test(quoted) ? quoted.replace(/^'(.*)'$/, '"$1"') : quoted.slice(1, -1);
}

export const isStatus = (text: string): boolean => (STATUSES as readonly string[]).includes(text);

/** A key alone asks whether it is there; what is not understood is for the collector to refuse. */
function dottedFilter(typed: string): Filter {
  const [, key, symbol, word, value] = METRIC.exec(typed) ?? LEAF.exec(typed) ?? [];
  const operator = symbol ?? word ?? '';
  if (value !== undefined) return `${key} ${WORDS[operator] ?? operator} ${value}`;
  if (!/\s/.test(typed)) return `${typed} exists`;
  return typed.startsWith('metrics.') || / exists$/.test(typed) ? typed : typed.replace(/\s+/, ' == ');
}

function wire(key: string, operator: string, value: string): Filter {
  if (key === 'tag') return operator === '!=' ? `has not tag.${value}` : `has tag.${value}`;
  if (key === 'status') return `status ${operator} ${value.toLowerCase()}`;
  if (key === 'folder') return `folder.path ${operator} ${value}`;
  if (key === 'events') return `events.count ${operator} ${value}`;
  if (key === 'alert') return `alert.name ${operator} ${value}`;
  if (TIMES.includes(key)) return `${key} ${operator === '==' ? '<' : operator} ${value.replaceAll(' ', '')}`;
  return `${key} ${operator} ${value}`;
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

/** Adds filters; a run has one status and one folder, so these replace the former one. */
export function addFilters(filters: readonly Filter[], added: readonly Filter[]): Filter[] {
  const singles = added.flatMap((filter) => /^(?:status ==|folder\.path) /.exec(filter)?.[0] ?? []);
  const isKept = (filter: Filter) => !added.includes(filter) && !singles.some((single) => filter.startsWith(single));
  return [...filters.filter(isKept), ...new Set(added)];
}
