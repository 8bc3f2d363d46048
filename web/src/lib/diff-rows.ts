import type { LineChange } from './line-changes.ts';

/** A row of a diff: `removed` shows the old line, `added` the new one, `changed` one beside the other, `fold` stands for equal lines. */
export interface DiffRow {
  readonly kind: 'same' | 'removed' | 'added' | 'changed' | 'fold';
  /** Line of the old text, from 0; of a line that was added the one it took the place of, undefined when there is none. */
  readonly old: number | undefined;
  readonly now: number | undefined;
  /** Which change it belongs to, from 0; of equal lines the change behind them. */
  readonly change: number;
  /** Lines that it stands for. */
  readonly count: number;
}
export interface DiffView {
  /** How many lines the old text has. */
  readonly oldLines: number;
  /** True = old and new lines side by side. */
  readonly isSplit: boolean;
  /** Changes before which all equal lines are shown; the number of changes stands for the end. */
  readonly open: ReadonlySet<number>;
}

/** Equal lines around a change. */
export const CONTEXT_LINES = 3;

/** The rows of a diff, from its beginning: who stops early pays for no more. */
export function* diffRows(changes: readonly LineChange[], { oldLines, isSplit, open }: DiffView): Generator<DiffRow> {
  let [oldAt, newAt] = [0, 0];
  for (let change = 0; change <= changes.length; change++) {
    const next = changes[change];
    const equal = (next?.oldFrom ?? oldLines) - oldAt;
    const head = change === 0 ? 0 : CONTEXT_LINES;
    const tail = next ? CONTEXT_LINES : 0;
    // A fold is no shorter than the one line it would hide.
    const hidden = open.has(change) || equal - head - tail < 2 ? 0 : equal - head - tail;
    for (let line = 0; line < equal; line++) {
      const kind = hidden > 0 && line === head ? 'fold' : 'same';
      const count = kind === 'fold' ? hidden : 1;
      yield { kind, old: oldAt + line, now: newAt + line, change, count };
      line += count - 1;
    }
    if (!next) return;
    yield* changedRows(next, change, isSplit);
    [oldAt, newAt] = [next.oldTo, next.newTo];
  }
}

function* changedRows({ oldFrom, oldTo, newFrom, newTo }: LineChange, change: number, isSplit: boolean) {
  const old = (line: number) => (oldFrom + line < oldTo ? oldFrom + line : undefined);
  const now = (line: number) => (newFrom + line < newTo ? newFrom + line : undefined);
  const row = (kind: DiffRow['kind'], line: number): DiffRow => ({
    kind,
    old: old(line),
    now: now(line),
    change,
    count: 1,
  });
  const [removed, added] = [oldTo - oldFrom, newTo - newFrom];
  if (isSplit) for (let line = 0; line < Math.max(removed, added); line++) yield row('changed', line);
  else {
    for (let line = 0; line < removed; line++) yield row('removed', line);
    for (let line = 0; line < added; line++) yield row('added', line);
  }
}

/** How many lines the changes add and remove. */
export function countChanged(changes: readonly LineChange[]): { readonly added: number; readonly removed: number } {
  const sum = (length: (change: LineChange) => number) => changes.reduce((total, change) => total + length(change), 0);
  return { added: sum(({ newFrom, newTo }) => newTo - newFrom), removed: sum(({ oldFrom, oldTo }) => oldTo - oldFrom) };
}
