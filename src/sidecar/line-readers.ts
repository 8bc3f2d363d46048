import { configError } from '../errors.ts';
import { parsePythonJson } from '../python-json.ts';
import { type Columns, isNumber, type LineReader, readingOf } from './reading.ts';

/** Ways to read a log. */
export const FORMATS = ['csv', 'tsv', 'table', 'jsonl', 'key-value', 'pattern'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Columns with a header: the last line without numbers before the first row, or a later one. Comments (`#`) between rows are no headers,
 * unless they have as many cells.
 *
 * @param separator - one character, or undefined for runs of spaces.
 */
export function separatedValues(separator: ',' | '\t' | undefined, columns: Columns): LineReader {
  let header: readonly string[] = [];
  let hasRows = false;
  return (line) => {
    const [, comment = '', text = ''] = /^\s*(#?)\s*(.*?)\s*$/.exec(line) ?? [];
    const cells = separator === undefined ? text.split(/\s+/) : splitCells(comment === '' ? line : text, separator);
    const reading = readingOf(
      cells.map((cell, index) => [header[index] ?? '', cell] as const),
      columns,
    );
    if (header.length > 0 && comment === '' && cells.some(isNumber)) {
      hasRows = true;
      return reading;
    }
    const isHeader = text !== '' && (header.length === 0 || !cells.some(isNumber));
    if (isHeader && (!hasRows || comment === '' || cells.length === header.length))
      header = cells.map((cell) => cell.trim());
    return undefined;
  };
}

/** An object a line; nested keys are joined with dots. */
export function jsonLines(columns: Columns): LineReader {
  return (line) => {
    try {
      return readingOf([...flatten(parsePythonJson(line), '')], columns);
    } catch {
      return undefined;
    }
  };
}

const PAIR =
  /([A-Za-z_][\w./-]*)\s*[=:]\s*([+-]?(?:\d[\d.]*(?:[eEdD][+-]?\d+)?|\.\d+(?:[eEdD][+-]?\d+)?|nan|inf(?:inity)?))(?![\w.])/gi;

/** `key=value` and `key: value` anywhere in a line. */
export function keyValues(columns: Columns): LineReader {
  return (line) =>
    readingOf(
      [...line.matchAll(PAIR)].map(([, key = '', value = '']) => [key, value] as const),
      columns,
    );
}

/**
 * Named groups of a regular expression; groups `name` and `value` make one metric whose name is in the line.
 *
 * @throws `SIMVUE_ERR_CONFIG` when it is not one, or has no named group.
 */
export function pattern(source: string, columns: Columns): LineReader {
  const expression = compile(source);
  let lastStep: number | undefined;
  return (line) => {
    const groups = expression.exec(line)?.groups;
    if (groups === undefined) return undefined;
    const { name, value, ...others } = groups;
    const named = name === undefined || value === undefined ? groups : { ...others, [name]: value };
    const cells = Object.entries(named).map(([key, text]) => [key, text ?? ''] as const);
    const reading = readingOf(cells, { ...columns, time: columns.time ?? 'time' });
    lastStep = reading.step ?? lastStep;
    return { ...reading, step: lastStep };
  };
}

function compile(source: string): RegExp {
  let expression: RegExp;
  try {
    expression = new RegExp(source);
  } catch (error) {
    throw configError('--pattern', `"${source}" is not a regular expression`, 'See MDN, RegExp.', error);
  }
  if (/\(\?<[A-Za-z_$]/.test(source)) return expression;
  throw configError('--pattern', `"${source}" has no named group`, 'Write (?<loss>\\S+) for the metric loss.');
}

/** Cells of a line of CSV or TSV; a cell may be in double quotes. */
function splitCells(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (character === '"' && isQuoted && line[i + 1] === '"') cell += line[++i];
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}

function* flatten(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === 'number') yield [path, String(value)];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, item] of Object.entries(value)) yield* flatten(item, path === '' ? key : `${path}.${key}`);
}
