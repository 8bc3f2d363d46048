import { InvalidQuery } from './problem.ts';

const JOINT = /\s*(?:&&|\|\|)\s*|\s(?:and|or)\s+/gi;
/** A value in quotes that holds a word which could join: they say that it is text. */
const QUOTED = /^(.+?) "([^"]*(?:&&|\|\||\s(?:and|or)\s)[^"]*)"$/is;

/**
 * The expression, its value without the quotes that say that `and`, `&&`, `or` or `||` are part of it.
 *
 * @param parse - undefined or an error: what stands before or behind the word is no expression, so that the word is text.
 * @throws InvalidQuery when it is several expressions.
 */
export function single(text: string, index: number, parse: (text: string, index: number) => unknown): string {
  const [, head, quoted] = QUOTED.exec(text) ?? [];
  if (head !== undefined) return `${head} ${quoted}`;
  for (const match of text.matchAll(JOINT)) {
    const parts = [text.slice(0, match.index), text.slice(match.index + match[0].length)];
    if (!parts.every((part) => isExpression(part, index, parse))) continue;
    const joint = match[0].trim();
    const what = `filter ${JSON.stringify(text)} is several filters joined by ${joint}`;
    const isEither = /or|\|/i.test(joint);
    throw new InvalidQuery(
      'filters',
      isEither
        ? `${what}: all filters must hold, there is no ${joint}; ask one after the other, or for text that holds it give the value in double quotes`
        : `${what}: send a list, ${JSON.stringify(parts)}, or for text that holds it give the value in double quotes`,
      index,
    );
  }
  return text;
}

function isExpression(text: string, index: number, parse: (text: string, index: number) => unknown): boolean {
  try {
    return parse(text, index) !== undefined;
  } catch (error) {
    if (error instanceof InvalidQuery) return false;
    throw error;
  }
}
