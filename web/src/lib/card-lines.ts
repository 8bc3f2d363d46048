import type { SeriesView } from '../../../collector/api/contract/telemetry.ts';
import { fetchLines } from './api.ts';
import { type JoinedParts, joinParts, mergeParts } from './joined-parts.ts';
import { lineKey } from './line-key.ts';
import { JOINED_POINTS, overMetric } from './metric-axis.ts';
import { toPlotLine } from './plot-line.ts';
import { type CardLine } from './series.ts';
import { partsOf } from './succession.ts';
import type { OwnAxis } from './x-axis.ts';

/** The parts of a line, as series of a run. */
export type LinePart = Pick<CardLine, 'runId' | 'series'>;

/** What is drawn of the lines of a card, by their keys. */
export type DrawnParts = ReadonlyMap<string, JoinedParts>;

const partsIn = (line: CardLine): LinePart[] => partsOf(line).map((series) => ({ runId: line.runId, series }));
const asked = ({ runId, series }: LinePart) => ({ runId, seriesId: series.id });

/** Reads lines over an axis that every point has. */
export async function readLines(
  lines: readonly CardLine[],
  view: {
    readonly axis: OwnAxis;
    readonly maxPoints: number;
    readonly range: readonly [number, number] | undefined;
  },
  signal: AbortSignal,
): Promise<DrawnParts> {
  const found = await fetchLines(lines.flatMap(partsIn).map(asked), view, signal);
  return joinedBy(lines, joinParts, (part) => {
    const answer = found.get(lineKey(part));
    return answer && toPlotLine(answer);
  });
}

/** Reads lines over the values of another metric. @param across - its series for a part of a line. */
export async function readLinesOver(
  lines: readonly CardLine[],
  across: (part: LinePart) => SeriesView | undefined,
  signal: AbortSignal,
): Promise<DrawnParts> {
  const other = (part: LinePart): LinePart[] => {
    const series = across(part);
    return series ? [{ runId: part.runId, series }] : [];
  };
  const parts = lines.flatMap(partsIn);
  const wanted = new Map([...parts, ...parts.flatMap(other)].map((part) => [lineKey(part), asked(part)]));
  const found = await fetchLines([...wanted.values()], { axis: 'step', maxPoints: JOINED_POINTS }, signal);
  return joinedBy(lines, mergeParts, (part) => {
    const [x, y] = [...other(part), part].map((one) => found.get(lineKey(one)));
    return x && y && overMetric(x, y);
  });
}

function joinedBy(
  lines: readonly CardLine[],
  join: typeof joinParts,
  read: (part: LinePart) => Parameters<typeof joinParts>[0][number] | undefined,
): DrawnParts {
  return new Map(
    lines.flatMap((line) => {
      const joined = join(
        partsIn(line)
          .map(read)
          .filter((part) => part !== undefined),
      );
      return joined ? [[lineKey(line), joined] as const] : [];
    }),
  );
}
