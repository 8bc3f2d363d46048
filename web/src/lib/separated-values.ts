/**
 * Rows of a CSV or TSV text (RFC 4180: quotes, doubled quotes, line breaks in quotes); the separator is found in the first line.
 *
 * @param maxRows - so many are returned at most.
 */
export function parseSeparated(text: string, maxRows: number): string[][] {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const separator = ['\t', ';', ','].reduce((best, candidate) =>
    head.split(candidate).length > head.split(best).length ? candidate : best,
  );
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length < maxRows) {
    const { value, end } = text[at] === '"' ? quoted(text, at) : plain(text, at, separator);
    row.push(value);
    if (text[end] === separator) {
      at = end + 1;
      if (at < text.length) continue;
      row.push('');
    } else at = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
    rows.push(row);
    row = [];
  }
  return rows;
}

interface Cell {
  readonly value: string;
  /** Where its separator or line break is. */
  readonly end: number;
}

function plain(text: string, at: number, separator: string): Cell {
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(at, end), end };
}

function quoted(text: string, at: number): Cell {
  let value = '';
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { value: value + text.slice(from), end: text.length };
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}
