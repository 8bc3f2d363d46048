/** What the filter bar of the runs page can ask for. */
export const FILTER_KEYS = ['status', 'tag', 'name', 'folder'] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];
export interface Filter {
  readonly key: FilterKey;
  readonly value: string;
}
export const STATUSES = ['created', 'running', 'completed', 'failed', 'terminated', 'lost'] as const;

/** Operator of a chip, in words. */
export const FILTER_OPERATOR: Record<FilterKey, string> = { status: 'is', tag: 'is', name: 'contains', folder: 'is' };

const WIRE: Record<FilterKey, (value: string) => string> = {
  status: (value) => `status == ${value}`,
  tag: (value) => `has tag.${value}`,
  name: (value) => `name contains ${value}`,
  folder: (value) => `folder.path == ${value}`,
};

/** Filter strings of the Simvue REST API, joined by AND. */
export const toWire = (filters: readonly Filter[]): string[] => filters.map(({ key, value }) => WIRE[key](value));

const isKey = (text: string): text is FilterKey => (FILTER_KEYS as readonly string[]).includes(text);

/** A chip from what was typed: `status failed`, `tag:LES`, `/folder`, a status, or any text (name contains). */
export function parseFilter(text: string): Filter | undefined {
  const typed = text.trim();
  const [, key = '', value = ''] = /^(\w+)(?:\s*[:=]+\s*|\s+(?:(?:is|contains)\s+)?)(.+)$/.exec(typed) ?? [];
  if (isKey(key.toLowerCase()) && value) return { key: key.toLowerCase() as FilterKey, value };
  if (!typed || isKey(typed.replace(/[:=\s]+$/, '').toLowerCase())) return undefined;
  if (typed.startsWith('/')) return { key: 'folder', value: typed };
  if ((STATUSES as readonly string[]).includes(typed.toLowerCase()))
    return { key: 'status', value: typed.toLowerCase() };
  return { key: 'name', value: typed };
}

/** Why a chip cannot match anything, or undefined. */
export function filterProblem({ key, value }: Filter): string | undefined {
  if (key === 'status' && !(STATUSES as readonly string[]).includes(value)) return `no such status: ${value}`;
  if (key === 'folder' && !value.startsWith('/')) return 'a folder begins with /';
  return undefined;
}

/** Adds a chip; a run has one status and one folder, so these replace the former chip. */
export function addFilter(filters: readonly Filter[], added: Filter): Filter[] {
  const single = added.key === 'status' || added.key === 'folder';
  const rest = filters.filter((filter) => !(filter.key === added.key && (single || filter.value === added.value)));
  return [...rest, added];
}

/** Completions of what is typed: keys first, then the values that are known. */
export function suggestFilters(text: string, tags: readonly string[], folders: readonly string[]): string[] {
  const typed = text.trimStart().toLowerCase();
  const [, key, rest = ''] = /^(\w+)[\s:=]+(.*)$/.exec(typed) ?? [];
  const values: Record<string, readonly string[]> = { status: STATUSES, tag: tags, folder: folders };
  const known = key === undefined ? undefined : values[key];
  if (known)
    return known
      .filter((value) => value.toLowerCase().includes(rest))
      .slice(0, 8)
      .map((value) => `${key} ${value}`);
  return FILTER_KEYS.filter((candidate) => typed !== '' && candidate.startsWith(typed)).map(
    (candidate) => `${candidate} `,
  );
}
