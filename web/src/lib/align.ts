/** A column of a shared x: null breaks the line, undefined means that this line has no position there. */
export type Column = (number | null | undefined)[];

/** The columns of one line, all as long as its own x. */
export interface Source {
  readonly x: readonly number[];
  readonly columns: readonly (readonly (number | null)[])[];
}

/**
 * Brings lines with their own x (ascending, repeats allowed) onto one shared x.
 * @returns the x, and for each line its columns on it.
 */
export function alignLines(sources: readonly Source[]): { x: number[]; columns: Column[][] } {
  const [only] = sources;
  if (only && sources.length === 1) return { x: [...only.x], columns: [only.columns.map((column) => [...column])] };
  const x: number[] = [];
  const columns: Column[][] = sources.map((source) => source.columns.map(() => []));
  const heads = sources.map(() => 0);
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    sources.forEach((source, line) => {
      next = Math.min(next, source.x[heads[line] ?? 0] ?? Number.POSITIVE_INFINITY);
    });
    if (next === Number.POSITIVE_INFINITY) return { x, columns };
    x.push(next);
    sources.forEach((source, line) => {
      const head = heads[line] ?? 0;
      const here = source.x[head] === next;
      if (here) heads[line] = head + 1;
      source.columns.forEach((column, index) => {
        columns[line]?.[index]?.push(here ? column[head] : undefined);
      });
    });
  }
}
