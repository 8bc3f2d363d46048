import type { RunView } from '../../../collector/api/contract/run.ts';
import { AGGREGATES, type Aggregate } from './aggregate.ts';
import { flatten } from './flatten.ts';
import { formatCount, formatNumber } from './numbers.ts';
import { shortNames } from './series.ts';
import { csvCell } from './table-export.ts';
import { type Tick, yTicks } from './ticks.ts';

/** Something in which runs differ: a key of metadata, or an aggregate of a metric. */
export interface Dimension {
  /** `metadata:<key>`, or `<aggregate>:<metric>`. */
  readonly id: string;
  readonly label: string;
  /** `metadata`, or the aggregate. */
  readonly of: string;
  /** One a run; undefined = it has none. Of words, their place in `words`. */
  readonly values: readonly (number | undefined)[];
  /** Undefined when the values are numbers. */
  readonly words: readonly string[] | undefined;
  readonly log: boolean;
  readonly low: number;
  readonly high: number;
}

/** More different words than this are names, not values to compare. */
const MOST_WORDS = 24;
const LOG_RATIO = 100;
const AUTOMATIC = { metadata: 4, metrics: 3 } as const;

const metadataOf = (run: RunView): ReadonlyMap<string, string> => new Map(flatten(run.metadata));
const keysOf = (maps: readonly Iterable<string>[]): string[] => [...new Set(maps.flatMap((keys) => [...keys]))];
const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** Ids of all dimensions of some runs, those of metadata first. */
export function dimensionIds(runs: readonly RunView[], aggregates: readonly Aggregate[] = AGGREGATES): string[] {
  const metadata = keysOf(runs.map((run) => metadataOf(run).keys())).map((key) => `metadata:${key}`);
  const metrics = keysOf(runs.map((run) => Object.keys(run.metrics)));
  return [...metadata, ...aggregates.flatMap((aggregate) => metrics.map((name) => `${aggregate}:${name}`))];
}

/** The dimension of an id; undefined when no run has it, or its words are too many. */
export function dimensionOf(runs: readonly RunView[], id: string): Dimension | undefined {
  const [, of = '', label = ''] = /^([a-z]+):([\s\S]+)$/.exec(id) ?? [];
  if (of !== 'metadata') {
    const values = runs.map((run) => run.metrics[label]?.[of as Aggregate] ?? undefined);
    return scaled({ id, label, of, values, words: undefined });
  }
  const texts = runs.map((run) => metadataOf(run).get(label));
  const there = texts.filter((text) => text !== undefined);
  if (there.every(isNumber)) {
    const values = texts.map((text) => (text === undefined ? undefined : Number(text)));
    return scaled({ id, label, of, values, words: undefined });
  }
  const words = [...new Set(there)].sort();
  if (words.length > MOST_WORDS) return undefined;
  const values = texts.map((text) => (text === undefined ? undefined : words.indexOf(text)));
  return scaled({ id, label, of, values, words });
}

function scaled(part: Omit<Dimension, 'log' | 'low' | 'high'>): Dimension | undefined {
  const there = part.values.filter((value) => value !== undefined);
  if (there.length === 0) return undefined;
  const [low, high] = [Math.min(...there), Math.max(...there)];
  return { ...part, low, high, log: part.words === undefined && low > 0 && high / low > LOG_RATIO };
}

/** Axes that tell most: metadata and last values that are not the same in all runs. */
export function automaticAxes(runs: readonly RunView[]): string[] {
  const differing = dimensionIds(runs, ['last']).filter((id) => {
    const dimension = dimensionOf(runs, id);
    return dimension !== undefined && dimension.low < dimension.high;
  });
  const metadata = differing.filter((id) => id.startsWith('metadata:')).slice(0, AUTOMATIC.metadata);
  const metrics = differing.filter((id) => id.startsWith('last:') && !id.startsWith('last:resources/'));
  return [...metadata, ...metrics.slice(0, AUTOMATIC.metrics)];
}

/** Where a value lies between the ends of its dimension, 0 to 1; the middle when all are the same. */
export function placeOf({ low, high, log }: Pick<Dimension, 'low' | 'high' | 'log'>, value: number): number {
  if (low === high) return 0.5;
  const scale = log ? Math.log10 : (number: number) => number;
  return (scale(value) - scale(low)) / (scale(high) - scale(low));
}

/** The value at a place between the ends. */
export function valueAt({ low, high, log }: Pick<Dimension, 'low' | 'high' | 'log'>, place: number): number {
  return log ? low * (high / low) ** place : low + (high - low) * place;
}

/** A value of a dimension in words. */
export const wordOf = ({ words, log, of }: Dimension, value: number): string =>
  words?.[Math.round(value)] ??
  // Seeds and the like are told apart by their last digits.
  (of === 'metadata' && Number.isSafeInteger(value) ? formatCount(value) : formatNumber(value, log));

/** Marks of a dimension: its words, or places of an axis of numbers. */
export function ticksOf({ words, low, high, log }: Dimension, most = 5): readonly Tick[] {
  if (words) return shortNames(words).map((label, at) => ({ at, label }));
  if (low === high) return [{ at: low, label: formatNumber(low) }];
  return yTicks([low, high], log, most);
}

/** The values of runs, as CSV: id, name, then a column a dimension; empty where a run has none. */
export function dimensionsCsv(runs: readonly RunView[], dimensions: readonly Dimension[]): string {
  const head = ['id', 'name', ...dimensions.map(({ label, of }) => (of === 'metadata' ? label : `${label} ${of}`))];
  const rows = runs.map(({ id, name }, index) => [
    ...[id, name],
    ...dimensions.map(({ words, values }) => {
      const value = values[index];
      return value === undefined ? '' : (words?.[value] ?? String(value));
    }),
  ]);
  return `${[head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}
