import type { YRange } from './chart-model.ts';
import { type Card, joinLines, partOfCard } from './series.ts';
import { metricOnAxis, parseAxis, type XAxis } from './x-axis.ts';

export const PLOT_KINDS = ['lines', 'parallel', 'scatter'] as const;
export type PlotKind = (typeof PLOT_KINDS)[number];
export const LEGENDS = ['top', 'bottom', 'hidden'] as const;
export type LegendPlace = (typeof LEGENDS)[number];
export const PLOT_MARKS = ['attempts', 'thresholds'] as const;
export type PlotMark = (typeof PLOT_MARKS)[number];
/** Ends of an axis; null = from the data. */
export type Ends = readonly [low: number | null, high: number | null];

/** How one plot is drawn, as a card of a dashboard keeps it and an address in JSON; what is absent is chosen for the reader. */
export interface PlotConfig {
  /** Title of the card in whose place the plot stands; absent = it was added. */
  readonly of?: string;
  /** Absent = lines. */
  readonly kind?: PlotKind;
  /** Empty = made from what is drawn. */
  readonly title: string;
  /** Names of series, or ids of dimensions; empty = those of the card in whose place it stands. */
  readonly metrics: readonly string[];
  readonly xaxis?: XAxis;
  readonly xscale?: 'linear' | 'log';
  readonly xrange?: Ends;
  readonly yscale?: 'linear' | 'log';
  readonly yrange?: Ends;
  readonly unit?: string;
  readonly legend?: LegendPlace;
  /** 0 to 100. */
  readonly smoothing?: number;
  readonly non_finite?: 'mark' | 'hide';
  /** Absent = all. */
  readonly marks?: readonly PlotMark[];
}

/** An address holds no more of them. */
export const MOST_PLOTS = 50;
/** Of all plots in an address: proxies refuse addresses over 8 KiB. */
export const MOST_CHARACTERS = 6000;

const oneOf = <T>(allowed: readonly T[], value: unknown): T | undefined => allowed.find((one) => one === value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const SCALES = ['linear', 'log'] as const;

function endsOf(value: unknown): Ends | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [low, high] = value.map((end) => (Number.isFinite(end) ? Number(end) : null));
  if (low === undefined || high === undefined || (low === null && high === null)) return undefined;
  return low !== null && high !== null && low >= high ? undefined : [low, high];
}

const isSet = ([, value]: readonly [string, unknown]) => value !== undefined;

/** A plot of an address; fields that are not understood are left out. @returns undefined for what is no plot. */
export function parsePlot(text: string): PlotConfig | undefined {
  let given: Record<string, unknown>;
  try {
    given = Object(JSON.parse(text));
  } catch {
    return undefined;
  }
  const { metrics, smoothing, marks } = given;
  const names = Array.isArray(metrics) ? metrics.filter((name) => typeof name === 'string') : [];
  const of = textOf(given['of']);
  if (of === undefined && names.length === 0) return undefined;
  const fields = {
    of,
    kind: oneOf(PLOT_KINDS, given['kind']),
    xaxis: parseAxis(textOf(given['xaxis']) ?? null),
    xscale: oneOf(SCALES, given['xscale']),
    xrange: endsOf(given['xrange']),
    yscale: oneOf(SCALES, given['yscale']),
    yrange: endsOf(given['yrange']),
    unit: textOf(given['unit']),
    legend: oneOf(LEGENDS, given['legend']),
    smoothing: Number.isInteger(smoothing) ? Math.min(100, Math.max(0, Number(smoothing))) : undefined,
    non_finite: oneOf(['mark', 'hide'] as const, given['non_finite']),
    marks: Array.isArray(marks) ? PLOT_MARKS.filter((mark) => marks.includes(mark)) : undefined,
  };
  const set = Object.fromEntries(Object.entries(fields).filter(isSet));
  return { title: textOf(given['title']) ?? '', metrics: [...new Set(names)], ...set };
}

/** The plots of an address. */
export const parsePlots = (texts: readonly string[]): PlotConfig[] =>
  texts.flatMap((text) => parsePlot(text) ?? []).slice(0, MOST_PLOTS);

/** Plots as an address keeps them; those that stand in the place of a card and change nothing of it are left out. */
export const plotTexts = (plots: readonly PlotConfig[]): string[] =>
  plots.filter((plot) => plot.of === undefined || !isBare(plot)).map((plot) => JSON.stringify(plot));

const isBare = ({ of: _of, title, metrics, ...rest }: PlotConfig) =>
  title === '' && metrics.length === 0 && Object.values(rest).every((value) => value === undefined);

/** Why an address cannot hold these plots; undefined = it can. */
export function tooMany(plots: readonly PlotConfig[]): string | undefined {
  const texts = plotTexts(plots);
  if (texts.length > MOST_PLOTS)
    return `An address holds ${MOST_PLOTS} plots. Remove one, or keep them on a dashboard of the folder.`;
  const size = new URLSearchParams(texts.map((text): [string, string] => ['plot', text])).toString().length;
  return size > MOST_CHARACTERS ? 'The address would be too long. Take fewer metrics, or remove a plot.' : undefined;
}

/** Fields that a plot gets; undefined = chosen for the reader again. */
export type PlotChange = { readonly [Field in keyof PlotConfig]?: PlotConfig[Field] | undefined };

/** A plot with some fields changed. */
export const changedPlot = (plot: PlotConfig, change: PlotChange): PlotConfig =>
  Object.fromEntries(Object.entries({ ...plot, ...change }).filter(isSet)) as unknown as PlotConfig;

/** The plot that stands in the place of a card. */
export const plotOf = (plots: readonly PlotConfig[], title: string): PlotConfig | undefined =>
  plots.find(({ of }) => of === title);

/** Plots with one changed or, where `former` is not one of them, one more in front. */
export function withPlot(
  plots: readonly PlotConfig[],
  former: PlotConfig | undefined,
  next: PlotConfig | undefined,
): PlotConfig[] {
  // Read again from the address, the same plot is another object.
  const text = JSON.stringify(former);
  const at = former === undefined ? -1 : plots.findIndex((plot) => JSON.stringify(plot) === text);
  if (at < 0) return next ? [next, ...plots] : [...plots];
  return plots.flatMap((plot, index) => (index === at ? (next ?? []) : [plot]));
}

/** What a page draws a plot with unless it is configured. */
export interface PlotDefaults {
  readonly axis: XAxis;
  readonly logX: boolean;
  readonly log: boolean;
  readonly smoothing: number;
  readonly yRange?: YRange | undefined;
}
/** What a plot is drawn with. */
export interface PlotSettings extends PlotDefaults {
  readonly xRange: YRange | undefined;
  readonly legend: LegendPlace;
  readonly hidesNonFinite: boolean;
  readonly marks: readonly PlotMark[];
}

const rangeOf = (ends: Ends | undefined): YRange | undefined =>
  ends && { low: ends[0] ?? undefined, high: ends[1] ?? undefined };

/** The settings of a plot. */
export function plotSettings(config: PlotConfig | undefined, page: PlotDefaults): PlotSettings {
  return {
    axis: config?.xaxis ?? page.axis,
    logX: config?.xscale ? config.xscale === 'log' : page.logX,
    log: config?.yscale ? config.yscale === 'log' : page.log,
    smoothing: config?.smoothing ?? page.smoothing,
    yRange: rangeOf(config?.yrange) ?? page.yRange,
    xRange: rangeOf(config?.xrange),
    legend: config?.legend ?? 'top',
    hidesNonFinite: config?.non_finite === 'hide',
    marks: config?.marks ?? PLOT_MARKS,
  };
}

/** The lines of a plot. @param automatic - the card in whose place it stands. @param join - brings series together. */
export function plotCard(
  { title, metrics, unit }: PlotConfig,
  cards: readonly Card[],
  automatic?: Card,
  join: typeof joinLines = joinLines,
): Card {
  const kept = automatic && (metrics.length === 0 ? automatic : partOfCard(automatic, metrics));
  const card = kept ?? join(title || metrics.join(', '), cards, metrics);
  return unit === undefined ? card : { ...card, unit };
}

/** The range that a plot is read for: both ends, where one is set; undefined = all, or the axis is a metric. */
export function readRange(axis: XAxis, ends: YRange | undefined): [number, number] | undefined {
  if (metricOnAxis(axis) !== undefined || (ends?.low === undefined && ends?.high === undefined)) return undefined;
  const far = axis === 'step' ? Number.MAX_SAFE_INTEGER : 4e9;
  return [ends.low ?? (axis === 'time' ? -far : 0), ends.high ?? far];
}
