import { RUN_STATUSES, type RunStatus } from 'simvue-otel/semconv';
import { LOCAL_USER } from '../pipeline/principal.ts';
import type { RunNumber } from '../store/last-value-store.ts';
import type { FolderFilter, LeafFilter, NumberFilter, RunFilter, TextOperator } from '../store/run-filter.ts';
import { InvalidQuery } from './problem.ts';
import { parseJson } from './query-value.ts';
import { single } from './single-filter.ts';

/** Longer operators first: `not contains` also ends in `contains`. */
const OPERATORS = '==|!=|<=|>=|<|>|not contains|contains';
const BINARY = new RegExp(`^(\\S+) (${OPERATORS})(?: ([\\s\\S]*))?$`);
const LEAF_BINARY = new RegExp(`^(metadata|system)\\.([\\s\\S]+?) (${OPERATORS}) ([\\s\\S]*)$`);
const LEAF_UNARY = /^(metadata|system)\.([\s\S]+?) (not exists|exists)$/;
const TAGGED = /^has (not )?tag\.([\s\S]+)$/;
const DESCRIBED = /^description (not exists|exists)$/;
const UNDER = /^folder\.path under ([\s\S]+)$/;
const EVENTS = /^(events\.(?:count|errors|warnings)) (==|!=|<=|>=|<|>) (\d{1,15})$/;
/** The name of a metric may hold anything; a number has no space, so that the last operator is the one. */
const METRIC_BINARY = /^(metrics\.[\s\S]+) (==|!=|<=|>=|<|>) (\S+)$/;
const METRIC_UNARY = /^(metrics\.[\s\S]+?) (not exists|exists)$/;
const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf|infinity)$/i;
const AGE = /^(\d+(?:\.\d+)?)\s*([mhdwy])$/;
/** Each costs a look-up per run that the others leave, and SQLite takes a thousand at the most. */
const MAX_FILTERS = 50;
const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 };

const TEXT_OPERATORS: readonly string[] = ['==', '!=', 'contains', 'not contains'] satisfies TextOperator[];
const COMMON = [
  'description ==|!=|contains|not contains X',
  'description exists|not exists',
  'has|has not tag.X',
  'starred',
  'user ==|!= X|self',
  'metadata.X exists|not exists',
  'metadata.X ==|!=|contains|not contains|<|<=|>|>= Y',
];
const RUN_HELP = [
  'name ==|!=|contains|not contains X',
  'folder.path ==|under|contains /X',
  'status ==|!= X',
  'created|started|modified|ended <|> 5h|3d|1y',
  'system.X ==|!=|contains Y',
  'alert.name == X',
  'alert.status == ok|critical',
  'artifact.id == X',
  'events.count|errors|warnings ==|!=|<|<=|>|>= 10',
  'metrics.X ==|!=|<|<=|>|>= 1e-5',
  'metrics.X exists|not exists',
  ...COMMON,
];
const FOLDER_HELP = ['path ==|contains /X', 'name ==|contains X', 'created|modified <|> 5h|3d|1y', ...COMMON];

/**
 * Parses `filters` of `GET /api/runs`: a JSON list of expressions joined by AND, the empty text, or one bare expression.
 *
 * @param user - who asks: whose stars `starred` means, and who `self` is.
 * @throws InvalidQuery that names the expression and what is supported.
 */
export function parseRunFilters(
  filters: string | readonly string[] | undefined,
  user: string = LOCAL_USER,
): readonly RunFilter[] {
  const parse = (text: string, index: number): RunFilter | undefined =>
    common(text, user, ['created', 'started', 'modified', 'ended']) ?? runOnly(text, index) ?? bareKey(text, index);
  return expressions(filters).map((text, index) => {
    const filter = parse(single(text, index, parse), index);
    if (filter !== undefined) return filter;
    throw unsupported(text, index, RUN_HELP);
  });
}

/** Parses `filters` of `GET /api/folders`, as {@link parseRunFilters} does. @throws InvalidQuery */
export function parseFolderFilters(
  filters: string | readonly string[] | undefined,
  user: string = LOCAL_USER,
): readonly FolderFilter[] {
  const parse = (text: string) => common(text, user, ['created', 'modified']) ?? textFilter(text, ['path']);
  return expressions(filters).map((text, index) => {
    const filter = parse(single(text, index, parse));
    if (filter !== undefined && filter.kind !== 'system') return filter as FolderFilter;
    throw unsupported(text, index, FOLDER_HELP);
  });
}

/** Parses `filters` of `GET /api/events`. @returns the substring to look for, if any. @throws InvalidQuery */
export function parseEventFilters(filters: string | readonly string[] | undefined): string | undefined {
  const texts = expressions(filters);
  if (texts.length > 1)
    throw new InvalidQuery('filters', 'one filter of events is supported: event.message contains X', 1);
  const [text] = texts;
  if (text === undefined) return undefined;
  const value = /^event\.message contains ([\s\S]*)$/.exec(text)?.[1];
  if (value === undefined) throw unsupported(text, 0, ['event.message contains X']);
  return value;
}

/** The list form, the bare form, the repeated form and the empty text of `filters`. */
function expressions(filters: string | readonly string[] | undefined): readonly string[] {
  const given = typeof filters === 'string' ? [filters] : (filters ?? []);
  const texts = given.flatMap((text) => {
    if (!text.trimStart().startsWith('[')) return text.trim() === '' ? [] : [text.trim()];
    const list = parseJson('filters', text);
    if (!Array.isArray(list) || !list.every((entry): entry is string => typeof entry === 'string')) {
      throw new InvalidQuery('filters', 'filters must be a JSON list of strings, such as ["status == running"]');
    }
    return list;
  });
  if (texts.length <= MAX_FILTERS) return texts;
  throw new InvalidQuery('filters', `more than ${MAX_FILTERS} filters`, MAX_FILTERS);
}

/** What runs and folders have in common. */
function common<C extends string>(text: string, user: string, times: readonly C[]) {
  if (text === 'starred') return { kind: 'starred', user } as const;
  const [, not, tag] = TAGGED.exec(text) ?? [];
  if (tag !== undefined) return { kind: not === undefined ? 'tag' : 'untagged', tag } as const;
  const [, described] = DESCRIBED.exec(text) ?? [];
  if (described !== undefined) return { kind: 'described', isDescribed: described === 'exists' } as const;
  const leaf = leafFilter(text);
  if (leaf !== undefined) return leaf;
  const filter = textFilter(text, ['id', 'name', 'description', 'user']);
  if (filter?.column === 'user' && filter.value === 'self') return { ...filter, value: user };
  return filter ?? ageFilter(text, times);
}

function runOnly(text: string, index: number): RunFilter | undefined {
  const [, above] = UNDER.exec(text) ?? [];
  if (above !== undefined) return { kind: 'folder', path: above, isDeep: true };
  const numbered = numberFilter(text, index);
  if (numbered !== undefined) return { kind: 'number', ...numbered };
  const [, field, operator, value] = BINARY.exec(text) ?? [];
  if (value === undefined) return undefined;
  const isEqual = operator === '==';
  if (field === 'status' && (isEqual || operator === '!=')) {
    return { kind: 'status', operator, status: parseStatus(value, index) };
  }
  if (field === 'folder.path' && isEqual) return { kind: 'folder', path: value, isDeep: false };
  if (field === 'folder.path' && isTextOperator(operator)) return { kind: 'text', column: 'folder', operator, value };
  if (field === 'alert.name' && isEqual) return { kind: 'alert', field: 'name', value };
  if (field === 'alert.status' && isEqual) {
    if (value === 'ok' || value === 'critical') return { kind: 'alert', field: 'status', value };
    throw new InvalidQuery('filters', `no such alert status: ${JSON.stringify(value)}; one of ok, critical`, index);
  }
  return field === 'artifact.id' && isEqual ? { kind: 'artifact', id: value } : undefined;
}

function numberFilter(text: string, index: number): NumberFilter | undefined {
  const [, number, operator, value] = EVENTS.exec(text) ?? METRIC_BINARY.exec(text) ?? METRIC_UNARY.exec(text) ?? [];
  if (number === undefined) return undefined;
  const filter = { number: number as RunNumber, operator: operator as NumberFilter['operator'] };
  return value === undefined ? filter : { ...filter, value: parseNumber(value, filter, index) };
}

/** Any other word before an operator is a metadata key: `beta > 2.0`. */
function bareKey(text: string, index: number): RunFilter | undefined {
  const [, key, operator, value] = BINARY.exec(text) ?? [];
  if (key === undefined || value === undefined || RESERVED.test(key)) return undefined;
  if (!key.includes('.')) return { kind: 'metadata', key, operator: operator as LeafFilter['operator'], value };
  const isMetadata = `${JSON.stringify(`metadata.${text}`)} if it is metadata`;
  const isMetric = `${JSON.stringify(`metrics.${text}`)} if it is a metric`;
  throw unsupported(text, index, [isMetadata, isMetric, ...RUN_HELP]);
}

/** Fields that have operators of their own: a wrong one is an error, not a metadata key. */
const RESERVED =
  /^(?:id|name|description|user|status|created|started|modified|ended|starred|(?:folder|alert|artifact|metadata|metrics|system|events?)\..*|has)$/;

function leafFilter(text: string): ({ readonly kind: 'metadata' | 'system' } & LeafFilter) | undefined {
  const [, kind, key, operator, value] = LEAF_BINARY.exec(text) ?? LEAF_UNARY.exec(text) ?? [];
  if (key === undefined) return undefined;
  const filter = { kind: kind as 'metadata' | 'system', key, operator: operator as LeafFilter['operator'] };
  return value === undefined ? filter : { ...filter, value };
}

function textFilter<C extends string>(text: string, columns: readonly C[]) {
  const [, field, operator, value] = BINARY.exec(text) ?? [];
  const column = columns.find((known) => known === field);
  if (column === undefined || value === undefined || !isTextOperator(operator)) return undefined;
  return { kind: 'text', column, operator, value } as const;
}

function ageFilter<C extends string>(text: string, columns: readonly C[]) {
  const [, field, operator, value = ''] = BINARY.exec(text) ?? [];
  const column = columns.find((known) => known === field);
  const [, number, unit = ''] = AGE.exec(value) ?? [];
  if (column === undefined || number === undefined || (operator !== '<' && operator !== '>')) return undefined;
  return { kind: 'age', column, operator, seconds: Number(number) * (SECONDS[unit] ?? 0) } as const;
}

function isTextOperator(operator: string | undefined): operator is TextOperator {
  return operator !== undefined && TEXT_OPERATORS.includes(operator);
}

/** As programs of many languages print it: `1e-5`, `nan`, `-inf`, `Infinity`. */
function parseNumber(text: string, { number, operator }: NumberFilter, index: number): number {
  if (!NUMBER.test(text)) {
    const what = `${number} is compared with a number, such as 1e-5, nan, inf or -inf`;
    throw new InvalidQuery('filters', `not a number: ${JSON.stringify(text)}; ${what}`, index);
  }
  const value = Number(text.replace(/inf(?:inity)?$/i, 'Infinity'));
  if (!Number.isNaN(value) || operator === '==' || operator === '!=') return value;
  throw new InvalidQuery('filters', `nothing is ${operator} ${text}; ${number} can be == or != ${text}`, index);
}

function parseStatus(text: string, index: number): RunStatus {
  const status = RUN_STATUSES.find((known) => known === text);
  if (status !== undefined) return status;
  throw new InvalidQuery(
    'filters',
    `no such status: ${JSON.stringify(text)}; one of ${RUN_STATUSES.join(', ')}`,
    index,
  );
}

/** Says what is supported of the field that was asked, or everything. */
function unsupported(text: string, index: number, help: readonly string[]): InvalidQuery {
  const [field = ''] = text.split(/[^a-z]/, 1);
  const own = help.filter((expression) => expression.split(/[ .]/, 1).join().split('|').includes(field));
  const supported = (own.length > 0 ? own : help).join(', ');
  return new InvalidQuery('filters', `filter ${JSON.stringify(text)} is not supported; supported: ${supported}`, index);
}
