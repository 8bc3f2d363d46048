import { readdirSync, readFileSync } from 'node:fs';
import { inRepository } from './repository.ts';

/** Paths in the repository of every page that users read. */
export const DOCUMENTS: readonly string[] = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  ...readdirSync(inRepository('docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`)
    .toSorted(),
];

export const readDocument = (path: string): string => readFileSync(inRepository(path), 'utf8');

/** Fenced code whose opening line says exactly `info`. */
export function codeBlocks(text: string, info: string): string[] {
  const blocks = text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms);
  return [...blocks].filter(([, opening]) => opening === info).map(([, , code]) => code as string);
}

/** Text outside of fenced code. */
export const prose = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '');

export const inlineCode = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

/** Cells below the heading `title` of every table that has it, from top to bottom. */
export function tableColumn(text: string, title: string): string[] {
  const cells: string[] = [];
  let column = -1;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) {
      column = -1;
      continue;
    }
    const row = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const heading = row.findIndex((cell) => cell.startsWith(title));
    if (heading >= 0) column = heading;
    else if (column >= 0 && !/^-+$/.test(row[column] ?? '')) cells.push(row[column] ?? '');
  }
  return cells;
}
