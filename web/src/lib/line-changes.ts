import { diffArrays } from 'diff';

/** Lines of one text, `from` to before `to`, stand where lines of the other stood; from 0, either side may be empty. */
export interface LineChange {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}
export interface LineChanges {
  readonly changes: readonly LineChange[];
  /** False = the time was over: what lies between the first and the last difference is one change. */
  readonly isExact: boolean;
}

/** The lines of a text, each with its line end: joined they are the text. */
export const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** What changed from one list of lines to another, the fewest lines. @param mostMilliseconds - how long matches are sought. */
export function lineChanges(old: readonly string[], now: readonly string[], mostMilliseconds: number): LineChanges {
  const shared = Math.min(old.length, now.length);
  let start = 0;
  while (start < shared && old[start] === now[start]) start++;
  let end = 0;
  while (end < shared - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const middle = [old.slice(start, old.length - end), now.slice(start, now.length - end)] as const;
  const kept = keepShared(...middle);
  const found = diffArrays(...kept.lines, { timeout: mostMilliseconds });

  const changes: LineChange[] = [];
  let [oldFrom, newFrom] = [start, start];
  const close = (oldTo: number, newTo: number) => {
    if (oldTo > oldFrom || newTo > newFrom) changes.push({ oldFrom, oldTo, newFrom, newTo });
    [oldFrom, newFrom] = [oldTo + 1, newTo + 1];
  };
  let [oldAt, newAt] = [0, 0];
  for (const { added, removed, count } of found ?? []) {
    if (!added && !removed)
      for (let line = 0; line < count; line++)
        close(start + (kept.places[0][oldAt + line] ?? 0), start + (kept.places[1][newAt + line] ?? 0));
    if (!added) oldAt += count;
    if (!removed) newAt += count;
  }
  close(old.length - end, now.length - end);
  return { changes, isExact: found !== undefined };
}

/** Lines that the other side has too, and where they stood: those of one side alone match nothing and would only take time. */
function keepShared(old: readonly string[], now: readonly string[]) {
  const sides = [old, now] as const;
  const sets = [new Set(now), new Set(old)] as const;
  const numbers = new Map<string, number>();
  const lines: [number[], number[]] = [[], []];
  const places: [number[], number[]] = [[], []];
  for (const side of [0, 1] as const)
    for (const [place, line] of sides[side].entries()) {
      if (!sets[side].has(line)) continue;
      const number = numbers.get(line) ?? numbers.size;
      numbers.set(line, number);
      lines[side].push(number);
      places[side].push(place);
    }
  return { lines, places };
}
