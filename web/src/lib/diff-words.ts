import { diffArrays } from 'diff';
import { type Token, tokenize } from './syntax.ts';

/** A piece of a line; `isMarked`: the other line has it not. */
export interface DiffPiece extends Token {
  readonly isMarked: boolean;
}
/** From a character to before another, of what the other line has not. */
export type Span = readonly [from: number, to: number];

const MOST_CHARACTERS = 2000;
const MOST_EDITS = 400;
/** Lines that share less are two lines, not a changed one. */
const LEAST_SHARED = 0.4;

/** The words in which two lines differ; undefined when they have too little in common, or are very long. */
export function changedWords(
  old: string,
  now: string,
): { readonly old: readonly Span[]; readonly now: readonly Span[] } | undefined {
  if (Math.max(old.length, now.length) > MOST_CHARACTERS) return undefined;
  const parts = diffArrays(words(old), words(now), { maxEditLength: MOST_EDITS });
  if (!parts) return undefined;
  const spans: { old: Span[]; now: Span[] } = { old: [], now: [] };
  let [oldAt, newAt, shared] = [0, 0, 0];
  for (const { added, removed, value } of parts) {
    const { length } = value.join('');
    if (removed) spans.old.push([oldAt, oldAt + length]);
    if (added) spans.now.push([newAt, newAt + length]);
    if (!added && !removed) shared += value.join('').trim().length;
    if (!added) oldAt += length;
    if (!removed) newAt += length;
  }
  return shared >= LEAST_SHARED * Math.max(old.trim().length, now.trim().length) ? spans : undefined;
}

const words = (line: string): string[] => line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

/** The pieces of a line, cut where its colour changes and where a mark begins or ends. @param spans - in their order. */
export function markPieces(tokens: readonly Token[], spans: readonly Span[]): DiffPiece[] {
  const pieces: DiffPiece[] = [];
  let at = 0;
  for (const { text, kind } of tokens) {
    const end = at + text.length;
    const cuts = spans.flat().filter((place) => place > at && place < end);
    for (const to of [...cuts, end]) {
      const isMarked = spans.some(([first, last]) => first <= at && at < last);
      pieces.push({ text: text.slice(at + text.length - end, to + text.length - end), kind, isMarked });
      at = to;
    }
  }
  return pieces;
}

/** The coloured pieces of each line of a text, line ends included. */
export function lineTokens(text: string, extension: string): Token[][] {
  const lines: Token[][] = [[]];
  for (const { text: whole, kind } of tokenize(text, extension))
    for (const part of whole.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      lines.at(-1)?.push({ text: part, kind });
      if (part.endsWith('\n')) lines.push([]);
    }
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}
