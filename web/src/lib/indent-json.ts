const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;
const INDENT = '  ';

/** JSON with one value a line, every number and text as it was written; what is not JSON as it is. */
export function indentJson(text: string): string {
  if (!isJson(text)) return text; // cut off, or not JSON
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

/** True when two texts are JSON of the same value: objects with the same keys in any order, every number and text written alike. */
export function isSameValue(a: string, b: string): boolean {
  return isJson(a) && isJson(b) && orderedKeys(a) === orderedKeys(b);
}

function isJson(text: string): boolean {
  try {
    // Python writes these, though no JSON has them.
    JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|\b(?:NaN|Infinity)\b/g, (token) => (token[0] === '"' ? token : '0')));
    return true;
  } catch {
    return false;
  }
}

/** The JSON text without its layout, the keys of each object in the order of their names. No recursion: a text may be as deep as it is long. */
function orderedKeys(text: string): string {
  const open: { readonly sign: string; readonly entries: [key: string, value: string][] }[] = [];
  let key = '';
  let value = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push({ sign: key + token, entries: [] });
      key = '';
      value = '';
    } else if (token === ':') {
      key = `${value}:`;
    } else if (token === ',') {
      open.at(-1)?.entries.push([key, value]);
      key = '';
    } else if (token === '}' || token === ']') {
      const { sign = '', entries = [] } = open.pop() ?? {};
      if (value !== '') entries.push([key, value]);
      if (token === '}') entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      // Added one by one: joined texts of a deep value would be copied once a level.
      let whole = '';
      for (const [name, of] of entries) whole += `${name}${of},`;
      key = sign.slice(0, -1);
      value = `${sign.at(-1)}${whole}${token}`;
    } else {
      value = token;
    }
  }
  return value;
}
