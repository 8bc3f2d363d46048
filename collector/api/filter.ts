import { RUN_STATUSES, type RunStatus } from 'simvue-otel/semconv';
import type { RunFilter } from '../store/catalog-store.ts';
import { InvalidQuery } from './problem.ts';
import { parseJson } from './query-value.ts';

/** A filter of `GET /api/folders`. */
export interface FolderFilter {
  readonly path?: string;
  readonly contains?: string;
}

type MetadataOperator = Extract<RunFilter, { kind: 'metadata' }>['operator'];

const SUPPORTED =
  'name ==|contains X, status == X, folder.path == /X, has tag.X, metadata.X exists|not exists, metadata.X ==|!=|contains|<|<=|>|>= Y';
const BINARY = /^(\S+) (==|!=|<=|>=|<|>|not contains|contains)(?: ([\s\S]*))?$/;
const METADATA_BINARY = /^metadata\.([\s\S]+?) (==|!=|<=|>=|<|>|contains) ([\s\S]*)$/;
const METADATA_UNARY = /^metadata\.([\s\S]+?) (not exists|exists)$/;

/**
 * Parses `filters` of `GET /api/runs`: a JSON list of expressions joined by AND, the empty text, or one bare expression.
 *
 * @throws InvalidQuery that names the expression and what is supported.
 */
export function parseRunFilters(filters: string | readonly string[] | undefined): readonly RunFilter[] {
  return expressions(filters).map(parseRunFilter);
}

/** Parses `filters` of `GET /api/folders`. @throws InvalidQuery */
export function parseFolderFilters(filters: string | readonly string[] | undefined): FolderFilter {
  let result: FolderFilter = {};
  for (const [index, text] of expressions(filters).entries()) {
    const [, field, operator, value] = BINARY.exec(text) ?? [];
    if (field !== 'path' || value === undefined || (operator !== '==' && operator !== 'contains')) {
      throw unsupported(text, index, 'path == /X, path contains X');
    }
    const key = operator === '==' ? 'path' : 'contains';
    if (result[key] !== undefined)
      throw new InvalidQuery('filters', `filter "path ${operator}" may be given once`, index);
    result = { ...result, [key]: value };
  }
  return result;
}

/** Parses `filters` of `GET /api/events`. @returns the substring to look for, if any. @throws InvalidQuery */
export function parseEventFilters(filters: string | readonly string[] | undefined): string | undefined {
  const texts = expressions(filters);
  if (texts.length > 1)
    throw new InvalidQuery('filters', 'one filter of events is supported: event.message contains X', 1);
  const [text] = texts;
  if (text === undefined) return undefined;
  const value = /^event\.message contains ([\s\S]*)$/.exec(text)?.[1];
  if (value === undefined) throw unsupported(text, 0, 'event.message contains X');
  return value;
}

/** The list form, the bare form, the repeated form and the empty text of `filters`. */
function expressions(filters: string | readonly string[] | undefined): readonly string[] {
  const given = typeof filters === 'string' ? [filters] : (filters ?? []);
  return given.flatMap((text) => {
    if (!text.trimStart().startsWith('[')) return text.trim() === '' ? [] : [text.trim()];
    const list = parseJson('filters', text);
    if (!Array.isArray(list) || !list.every((entry): entry is string => typeof entry === 'string')) {
      throw new InvalidQuery('filters', 'filters must be a JSON list of strings, such as ["status == running"]');
    }
    return list;
  });
}

function parseRunFilter(text: string, index: number): RunFilter {
  if (text.startsWith('has tag.') && text.length > 8) return { kind: 'tag', tag: text.slice(8) };
  if (text.startsWith('metadata.')) return parseMetadataFilter(text, index);
  const [, field, operator, value] = BINARY.exec(text) ?? [];
  if (value !== undefined) {
    if (field === 'name' && (operator === '==' || operator === 'contains')) return { kind: 'name', operator, value };
    if (field === 'folder.path' && operator === '==') return { kind: 'folder', path: value };
    if (field === 'status' && operator === '==') return { kind: 'status', status: parseStatus(value, index) };
  }
  throw unsupported(text, index, SUPPORTED);
}

function parseMetadataFilter(text: string, index: number): RunFilter {
  const [, key, operator, value] = METADATA_BINARY.exec(text) ?? METADATA_UNARY.exec(text) ?? [];
  if (key === undefined) throw unsupported(text, index, SUPPORTED);
  const filter = { kind: 'metadata', key, operator: operator as MetadataOperator } as const;
  return value === undefined ? filter : { ...filter, value };
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

function unsupported(text: string, index: number, supported: string): InvalidQuery {
  return new InvalidQuery('filters', `filter ${JSON.stringify(text)} is not supported; supported: ${supported}`, index);
}
