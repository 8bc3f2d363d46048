/** How much of a text stands among others before it is folded. */
export interface FoldLimits {
  readonly characters: number;
  readonly lines: number;
}

/** The beginning of a text that is too long to stand whole among others; undefined = it is short. */
export function foldText(text: string, { characters, lines }: FoldLimits): string | undefined {
  const first = text.split('\n', lines + 1);
  if (text.length <= characters && first.length <= lines) return undefined;
  const beginning = first.slice(0, lines).join('\n').slice(0, characters);
  // A character of two code units is not cut in the middle.
  return beginning.replace(/[\uD800-\uDBFF]$/, '');
}
