import { alignLines, type Column } from './align.ts';
import type { AttemptMark } from './attempts.ts';
import { commonGaps, type Interval } from './gaps.ts';
import { type Mark, onPositiveX, type PlotLine } from './plot-line.ts';
import type { Slot } from './run-key.ts';
import { smooth } from './smooth.ts';
import type { Threshold } from './thresholds.ts';
import type { XAxis } from './x-axis.ts';

/** One line as a card gives it to its chart. */
export interface ChartLine {
  readonly label: string;
  readonly slot: Slot;
  readonly line: PlotLine;
  /** Exact last value of the series, which a bucket's mean is not. */
  readonly last: number | undefined;
  /** What a later attempt wrote anew, drawn faint. */
  readonly overwritten?: readonly PlotLine[];
}

/** All that a chart shows. */
export interface ChartModel {
  readonly lines: readonly ChartLine[];
  readonly axis: XAxis;
  readonly log: boolean;
  /** True = logarithmic x axis. */
  readonly logX?: boolean;
  readonly smoothing: number;
  readonly live: boolean;
  /** Range of the x axis; undefined = all that is there. */
  readonly range: readonly [number, number] | undefined;
  /** Where the cursor stands at first, on the axis. */
  readonly at?: number | undefined;
  /** Ends of the y axis that the reader has set. */
  readonly yRange?: YRange | undefined;
  /** Ends of the x axis that the reader has set, where there is no range. */
  readonly xRange?: YRange | undefined;
  /** Where attempts of the run begin. */
  readonly attempts?: readonly AttemptMark[];
  /** Where alerts on the lines fire. */
  readonly thresholds?: readonly Threshold[];
}

/** Ends of an axis; undefined = from the data. */
export interface YRange {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** A range with the ends that are set in the place of those from the data; ends that a logarithmic axis does not have are not taken. */
export function withSetEnds(
  [low, high]: readonly [number, number],
  set: YRange | undefined,
  log: boolean,
): [number, number] {
  const fits = (end: number | undefined): end is number => end !== undefined && (!log || end > 0);
  const wanted: [number, number] = [fits(set?.low) ? set.low : low, fits(set?.high) ? set.high : high];
  return wanted[0] < wanted[1] ? wanted : [low, high];
}

/** Where a line ends. */
export interface LineEnd {
  readonly x: number;
  readonly value: number;
  readonly slot: Slot;
}

/** What a drawn column is: the line itself, the raw line under a smoothed one or what was overwritten, or an edge of the band. */
export type ColumnKind = 'line' | 'dots' | 'raw' | 'high' | 'low';

/** A column of one line on its own x; NaN breaks the line. */
export interface LineColumn {
  readonly kind: ColumnKind;
  readonly values: Float64Array;
}

/** A model turned into columns on one x, and what is painted around them. */
export interface ChartData {
  readonly x: number[];
  readonly columns: {
    readonly kind: ColumnKind;
    readonly slot: Slot;
    readonly label: string;
    readonly values: Column;
  }[];
  /** The same by line, as it is painted. */
  readonly lines: readonly { readonly slot: Slot; readonly x: Float64Array; readonly columns: readonly LineColumn[] }[];
  readonly gaps: readonly Interval[];
  readonly marks: readonly (Mark & { readonly slot: Slot; readonly label: string })[];
  readonly ends: readonly LineEnd[];
  /** Values that a logarithmic axis cannot show. */
  readonly hidden: number;
  /** Changes when the chart must be built anew instead of being given new data. */
  readonly shape: string;
}

const positive = (value: number | null) => (value !== null && value > 0 ? value : null);

const shownOf = ({ line }: ChartLine, log: boolean) => (log ? line.y.map(positive) : line.y);

function columnsOf(drawn: ChartLine, log: boolean, smoothing: number) {
  const { line } = drawn;
  const shown = shownOf(drawn, log);
  const columns: { kind: ColumnKind; values: readonly (number | null)[] }[] = [];
  if (line.low && line.high) {
    const { high } = line;
    const low = log ? line.low.map((value, index) => positive(value) ?? shown[index] ?? null) : line.low;
    columns.push({ kind: 'high', values: log ? high.map(positive) : high }, { kind: 'low', values: low });
  }
  if (line.dots) columns.push({ kind: 'dots', values: shown });
  else if (smoothing > 0)
    columns.push({ kind: 'raw', values: shown }, { kind: 'line', values: smooth(shown, smoothing) });
  else columns.push({ kind: 'line', values: shown });
  return columns;
}

/** Where the lines end in the range of the model. */
export const endsOf = (model: ChartModel): LineEnd[] => model.lines.flatMap((line) => endOf(line, model));

function endOf({ line, slot, last }: ChartLine, model: ChartModel): LineEnd[] {
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = model.xRange ?? {};
  const [from, to] = model.range ?? [low, high];
  for (let index = line.x.length - 1; index >= 0; index -= 1) {
    const x = line.x[index] ?? 0;
    const y = line.y[index];
    if (y === null || y === undefined || (model.log && y <= 0)) continue;
    if (x > to || x < from) continue;
    const exact = index === line.x.length - 1 && model.range === undefined && !(model.log && (last ?? 0) <= 0);
    return [{ x, value: exact ? (last ?? y) : y, slot }];
  }
  return [];
}

/** Prepares a model for drawing. */
export function toChartData(asked: ChartModel): ChartData {
  const place = (line: ChartLine) => ({ ...line, ...(asked.logX ? onPositiveX(line.line) : { dropped: 0 }) });
  const model = { ...asked, lines: asked.lines.map(place) };
  const tails = asked.lines.flatMap(({ overwritten = [], ...line }) =>
    overwritten.map((tail) => place({ ...line, line: tail })),
  );
  const all = [...tails, ...model.lines];
  const parts = [
    ...tails.map((line) => ({ line, columns: [{ kind: 'raw' as const, values: shownOf(line, model.log) }] })),
    ...model.lines.map((line) => ({ line, columns: columnsOf(line, model.log, model.smoothing) })),
  ];
  const aligned = alignLines(
    parts.map(({ line, columns }) => ({ x: line.line.x, columns: columns.map((column) => column.values) })),
  );
  const columns = parts.flatMap(({ line, columns }, index) =>
    columns.map(({ kind }, column) => ({
      kind,
      slot: line.slot,
      label: line.label,
      values: aligned.columns[index]?.[column] ?? [],
    })),
  );
  const below = ({ y }: PlotLine) => (model.log ? y.filter((value) => value !== null && value <= 0).length : 0);
  const hidden = all.reduce((sum, { line, dropped }) => sum + dropped + below(line), 0);
  return {
    x: aligned.x,
    columns,
    lines: parts.map(({ line, columns: own }) => ({
      slot: line.slot,
      x: Float64Array.from(line.line.x),
      columns: own.map(({ kind, values }) => ({
        kind,
        values: Float64Array.from(values, (value) => value ?? Number.NaN),
      })),
    })),
    gaps: commonGaps(model.lines.map(({ line }) => line.gaps)),
    marks: all.flatMap(({ line, slot, label }) => line.marks.map((mark) => ({ ...mark, slot, label }))),
    ends: endsOf(model),
    hidden,
    shape: JSON.stringify([
      model.axis,
      model.log,
      model.logX ?? false,
      model.yRange,
      all.some(({ line }) => line.marks.length > 0),
      columns.map(({ kind, slot, label }) => [kind, slot, label]),
    ]),
  };
}
