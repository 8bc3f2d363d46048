const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;
const INDENT = '  ';

/** JSON with one value a line, every number and text as it was written; what is not JSON as it is. */
export function indentJson(text: string): string {
  try {
    // Python writes these, though no JSON has them.
    JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|\b(?:NaN|Infinity)\b/g, (token) => (token[0] === '"' ? token : '0')));
  } catch {
    return text; // cut off, or not JSON
  }
  const parts: string[] = [];
  let depth = 0;
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const isEnd = token === '}' || token === ']';
    if (isEnd) depth -= 1;
    const isEmpty = isEnd && (last === '{' || last === '[');
    const breaks = !isEmpty && (isEnd || last === '{' || last === '[' || last === ',');
    if (breaks) parts.push(`\n${INDENT.repeat(depth)}`);
    parts.push(token === ':' ? ': ' : token);
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return parts.join('');
}
