import { findGaps } from './gaps.ts';
import type { PlotLine } from './plot-line.ts';

/** The parts of a line as they are drawn: the line itself, and what a later attempt wrote anew. */
export interface JoinedParts {
  readonly line: PlotLine;
  readonly overwritten: readonly PlotLine[];
}

type Columns = Pick<PlotLine, 'x' | 'y' | 'low' | 'high' | 'marks' | 'gaps'>;

/** What a line has in a part of the axis. */
function within(line: PlotLine, isIn: (x: number) => boolean): PlotLine {
  const pick = <T>(column: readonly T[]): T[] => column.filter((_, index) => isIn(line.x[index] ?? 0));
  return {
    ...line,
    ...{ x: pick(line.x), y: pick(line.y) },
    ...(line.low && line.high ? { low: pick(line.low), high: pick(line.high) } : {}),
    marks: line.marks.filter((mark) => isIn(mark.x)),
    gaps: line.gaps.filter(([from]) => isIn(from)),
  };
}

/** Two parts of an ascending axis; a pause between them is a gap like any other. */
function append(before: PlotLine, after: PlotLine): Columns {
  const [end, begin] = [before.x.at(-1), after.x[0]];
  const places = [...before.x, ...after.x];
  const pause = findGaps(places, places).filter(([from, to]) => from === end && to === begin);
  const between = pause.map(([from, to]) => (from + to) / 2);
  const broken = between.map(() => null);
  const bands =
    before.low || after.low
      ? {
          low: [...(before.low ?? before.y), ...broken, ...(after.low ?? after.y)],
          high: [...(before.high ?? before.y), ...broken, ...(after.high ?? after.y)],
        }
      : {};
  return {
    x: [...before.x, ...between, ...after.x],
    y: [...before.y, ...broken, ...after.y],
    ...bands,
    marks: [...before.marks, ...after.marks],
    gaps: [...before.gaps, ...pause, ...after.gaps],
  };
}

/** The parts of one line, the oldest first, over steps or time: from where an attempt begins on, what was there before it is overwritten. */
export function joinParts([first, ...later]: readonly PlotLine[]): JoinedParts | undefined {
  if (!first) return undefined;
  const overwritten: PlotLine[] = [];
  let line = first;
  for (const part of later) {
    const begin = part.x[0];
    const numbers = { total: line.total + part.total, perPosition: Math.max(line.perPosition, part.perPosition) };
    if (begin === undefined) line = { ...line, ...numbers };
    else {
      const old = within(line, (x) => x >= begin);
      if (old.x.length > 0) overwritten.push(old);
      line = {
        ...line,
        ...append(
          within(line, (x) => x < begin),
          part,
        ),
        ...numbers,
      };
    }
  }
  return { line, overwritten };
}

/** The parts of one line over the values of another metric, which are no sequence: dots where the parts lie over each other. */
export function mergeParts(parts: readonly PlotLine[]): JoinedParts | undefined {
  const [first, ...later] = parts;
  if (!first || later.length === 0) return first && { line: first, overwritten: [] };
  const points = parts.flatMap(({ x, y }) => x.map((place, index) => ({ x: place, y: y[index] ?? null })));
  const overlap = points.some(({ x }, index) => x < (points[index - 1]?.x ?? x));
  points.sort((a, b) => a.x - b.x);
  const line = {
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    dots: overlap || parts.some(({ dots }) => dots),
    marks: parts.flatMap(({ marks }) => marks).sort((a, b) => a.x - b.x),
    gaps: [],
    total: parts.reduce((sum, { total }) => sum + total, 0),
    perPosition: Math.max(...parts.map(({ perPosition }) => perPosition)),
  };
  return { line, overwritten: [] };
}
