import { randomUUID } from 'node:crypto';

/** JSON as Python reads and writes it: with `NaN`, `Infinity` and `-Infinity`, which JSON proper does not have. */
const NOT_FINITE = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
const STRING_OR_NOT_FINITE = /"(?:[^"\\]|\\.)*"|(?:-?\bInfinity|\bNaN)\b(?!\s*:)/g;
/** Begins the strings that stand for what JSON does not have; no text knows it. */
const MARK = randomUUID();
const MARKED = new RegExp(`"${MARK}(NaN|-?Infinity)"`, 'g');

/** @throws SyntaxError as `JSON.parse` does. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const proper = text.replace(STRING_OR_NOT_FINITE, (part) => (part.startsWith('"') ? part : `"${MARK}${part}"`));
    return JSON.parse(proper, (_key, value: unknown) =>
      typeof value === 'string' && value.startsWith(MARK) ? (NOT_FINITE.get(value.slice(MARK.length)) ?? value) : value,
    );
  }
}

/** Writes JSON that Python reads; @param indent - spaces by level. */
export function formatPythonJson(value: unknown, indent?: number): string {
  const marked = JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? `${MARK}${item}` : item),
    indent,
  );
  return marked.replace(MARKED, '$1');
}
