import { type Filter, type KnownNames, parseFilter } from './filters.ts';

/** What was typed into the bar in one go. */
export interface TypedFilters {
  readonly filters: readonly Filter[];
  /** What is not a filter yet. */
  readonly rest: string;
  /** Why nothing is taken. */
  readonly problem?: string;
}

/** Quoted text is one piece; `and` and `or` are words of a text as well. */
const PIECE = /(?<=[\s=<>:])(?:"[^"]*"|'[^']*')(?=\s|&&|\|\||$)|\s*(&&|\|\|)\s*|\s+(and|or)(?=\s)/gi;
const NO_EITHER =
  'All filters hold together, there is no “or”: ask for one after the other, or leave out what you do not want (status is not failed).';

/** Reads filters joined by `&&` or `and`; a word that is not followed by a filter of its own is text. */
export function parseTyped(text: string, known: KnownNames): TypedFilters {
  const pieces = [''];
  let from = 0;
  for (const match of text.matchAll(PIECE)) {
    const [found, symbol, word] = match;
    const end = match.index + found.length;
    if (isInName(text, match.index, known)) continue;
    if (symbol === undefined && (word === undefined || !isOwn(nextPiece(text, end), known))) continue;
    if (symbol === '||' || word?.toLowerCase() === 'or') return { filters: [], rest: text, problem: NO_EITHER };
    pieces[pieces.length - 1] = text.slice(from, match.index);
    pieces.push('');
    from = end;
  }
  pieces[pieces.length - 1] = text.slice(from);
  const typed = pieces.map((piece) => piece.trim()).filter(Boolean);
  const read = typed.map((piece) => ({ piece, filter: parseFilter(piece, known) }));
  return {
    filters: read.flatMap(({ filter }) => filter ?? []),
    rest: read.flatMap(({ piece, filter }) => (filter === undefined ? piece : [])).join(' && '),
  };
}

function isInName(text: string, index: number, { metadata, metrics }: KnownNames): boolean {
  return [...metadata, ...metrics].some((name) => {
    const at = text.indexOf(name);
    return at >= 0 && at < index && index < at + name.length;
  });
}

/** Up to what joins it with another one. */
function nextPiece(text: string, from: number): string {
  const rest = text.slice(from);
  const joint = [...rest.matchAll(PIECE)].find(([, symbol, word]) => symbol ?? word);
  return rest.slice(0, joint?.index).trim();
}

/** More than a part of a name. */
function isOwn(piece: string, known: KnownNames): boolean {
  const filter = parseFilter(piece, known);
  return filter !== undefined && filter !== `name contains ${piece}`;
}
