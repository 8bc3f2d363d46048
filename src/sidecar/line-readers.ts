import { configError } from '../errors.ts';
import { parsePythonJson } from '../python-json.ts';
import { type Columns, type LineReader, type Reading, readingOf } from './reading.ts';

/** Ways to read a log. */
export const FORMATS = ['csv', 'tsv', 'table', 'jsonl', 'key-value', 'pattern'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Columns with a header. The first line is the header; a later line of only names is the header from there on.
 *
 * @param separator - one character, or undefined for runs of spaces.
 */
export function separatedValues(separator: ',' | '\t' | undefined, columns: Columns): LineReader {
  let header: readonly string[] | undefined;
  return (line) => {
    const cells = separator === undefined ? line.trim().split(/\s+/) : splitCells(line, separator);
    const isHeader =
      cells.every((cell) => readingOf([['x', cell]], {}) === undefined) && cells.some((cell) => cell !== '');
    if (header === undefined || isHeader) {
      header = cells.map((cell) => cell.replace(/^#\s*/, '').trim());
      return undefined;
    }
    const names = header;
    return readingOf(
      cells.map((cell, index) => [names[index] ?? '', cell] as const),
      columns,
    );
  };
}

/** An object a line; nested keys are joined with dots. */
export function jsonLines(columns: Columns): LineReader {
  return (line) => {
    try {
      return readingOf(flatten(parsePythonJson(line), ''), columns);
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
    const reading = readingOf(cells, { step: columns.step ?? 'step', time: columns.time ?? 'time' });
    const alone = Number(groups[columns.step ?? 'step']);
    if (groups[columns.step ?? 'step'] !== undefined && Number.isSafeInteger(alone)) lastStep = alone;
    return reading && withStep(reading, lastStep);
  };
}

/** A line that says only the step counts for the lines after it. */
function withStep(reading: Reading, step: number | undefined): Reading {
  return { ...reading, step: reading.step ?? step };
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
