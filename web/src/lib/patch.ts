import { CONTEXT_LINES } from './diff-rows.ts';
import type { LineChange } from './line-changes.ts';

/** The lines of both texts, with their line ends, and what changed. */
export interface TextPair {
  readonly old: readonly string[];
  readonly now: readonly string[];
  readonly changes: readonly LineChange[];
}

/** The unified diff of a file, as `git apply` and `patch` take it. @param name - of the file, which may contain folders. */
export function unifiedPatch(name: string, { old, now, changes }: TextPair): string {
  const parts: LineChange[][] = [];
  for (const change of changes) {
    const last = parts.at(-1)?.at(-1);
    if (last && change.oldFrom - last.oldTo <= 2 * CONTEXT_LINES) parts.at(-1)?.push(change);
    else parts.push([change]);
  }
  return [`--- a/${name}\n`, `+++ b/${name}\n`, ...parts.map((part) => hunk(old, now, part))].join('');
}

function hunk(old: readonly string[], now: readonly string[], changes: readonly LineChange[]): string {
  const [first, last] = [changes[0], changes.at(-1)];
  if (!first || !last) return '';
  const before = Math.min(CONTEXT_LINES, first.oldFrom);
  const after = Math.min(CONTEXT_LINES, old.length - last.oldTo);
  const range = (from: number, to: number) => `${to > from ? from + 1 : from},${to - from}`;
  const lines = [
    `@@ -${range(first.oldFrom - before, last.oldTo + after)} +${range(first.newFrom - before, last.newTo + after)} @@\n`,
  ];
  const put = (sign: string, part: readonly string[]) => {
    for (const line of part)
      lines.push(`${sign}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`);
  };
  let at = first.oldFrom - before;
  for (const { oldFrom, oldTo, newFrom, newTo } of changes) {
    put(' ', old.slice(at, oldFrom));
    put('-', old.slice(oldFrom, oldTo));
    put('+', now.slice(newFrom, newTo));
    at = oldTo;
  }
  put(' ', old.slice(at, at + after));
  return lines.join('');
}
