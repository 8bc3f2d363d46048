import { isStatus, parseFilter } from './filters.ts';

/** Filters of the runs that the palette looks for: `status:failed` and the like as they are, the other words in the name; a status that is not yet complete is none. */
export function paletteFilters(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean);
  return words.flatMap((word) => {
    if (!/^\w+:/.test(word)) return `name contains ${word}`;
    const filter = parseFilter(word) ?? [];
    return typeof filter === 'string' && /^status == /.test(filter) && !isStatus(filter.slice(10)) ? [] : filter;
  });
}

/** Pieces of a label, those that were typed marked. */
export function marked(label: string, text: string): { readonly text: string; readonly isHit: boolean }[] {
  const words = text.split(/\s+/).filter((word) => word !== '' && !/^\w+:/.test(word));
  if (words.length === 0) return [{ text: label, isHit: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi');
  return label
    .split(pattern)
    .flatMap((piece, index) => (piece === '' ? [] : [{ text: piece, isHit: index % 2 === 1 }]));
}
