/** First character of the text that stands for a number which JSON has no word for; text of users does not begin so. */
const MARK = '\u0000';
const MARKED = /"\\u0000(NaN|-?Infinity)"/g;

/** `NaN` or an infinity as text that JSON can carry through the catalogue. */
export function markNonFinite(value: number): string {
  return MARK + String(value);
}

/** Text without its mark. */
export function unmarked(text: string): string {
  return text.startsWith(MARK) ? text.slice(1) : text;
}

/** Marked numbers in JSON text as bare words, which Python reads, or as strings, which every parser reads. */
export function printNonFinite(json: string, style: 'bare' | 'string'): string {
  return json.replace(MARKED, style === 'bare' ? '$1' : '"$1"');
}
