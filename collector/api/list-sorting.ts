import { InvalidQuery } from './problem.ts';
import { parseJson } from './query-value.ts';

export type MetadataColumn = `metadata.${string}`;

export interface SortTerm<Column extends string> {
  readonly column: Column | MetadataColumn;
  readonly descending: boolean;
}

const MAX_TERMS = 8;

/**
 * Parses `sorting` of a list: a JSON list of `{"id": column, "desc": boolean}`, applied in order; none = newest first.
 *
 * @param columns - what can be sorted by besides `metadata.X`, by its name in the query.
 * @throws InvalidQuery that names the column and what is supported.
 */
export function parseListSorting<Column extends string>(
  text: string | undefined,
  columns: ReadonlyMap<string, Column>,
): readonly SortTerm<Column | 'created'>[] {
  const terms = text === undefined || text.trim() === '' ? [] : parseJson('sorting', text);
  if (!Array.isArray(terms) || terms.length > MAX_TERMS) {
    throw new InvalidQuery('sorting', `sorting must be a JSON list of at most ${MAX_TERMS} {"id": …, "desc": …}`);
  }
  if (terms.length === 0) return [{ column: 'created', descending: true }];
  return terms.map((term: unknown, index) => {
    const { id, desc } = (typeof term === 'object' && term !== null ? term : {}) as Record<string, unknown>;
    const column = typeof id === 'string' ? (columns.get(id) ?? metadataColumn(id)) : undefined;
    if (column !== undefined) return { column, descending: desc === true };
    const supported = [...columns.keys(), 'metadata.X'].join(', ');
    throw new InvalidQuery(
      'sorting',
      `cannot sort by ${JSON.stringify(id) ?? 'nothing'}; supported: ${supported}`,
      index,
    );
  });
}

function metadataColumn(id: string): MetadataColumn | undefined {
  return id.startsWith('metadata.') && id.length > 9 ? `metadata.${id.slice(9)}` : undefined;
}
