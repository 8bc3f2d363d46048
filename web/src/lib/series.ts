import type { RunView } from '../../../collector/api/contract/run.ts';
import type { SeriesView } from '../../../collector/api/contract/telemetry.ts';
import { type Slot, slotOf, slotOfRun } from './run-key.ts';
import { inSuccession, partsOf, type Succession } from './succession.ts';

/** One line of a card; `index` is its order of first appearance. */
export interface CardLine extends Succession {
  readonly runId: string;
  readonly label: string;
  readonly index: number;
  readonly slot: Slot;
}

/** Series that share one plot. */
export interface Card {
  readonly title: string;
  /** Empty when the lines do not share one. */
  readonly unit: string;
  readonly lines: readonly CardLine[];
  readonly points: number;
  readonly nonFinite: number;
}
export const RESOURCE_PREFIX = 'resources/';
export const MAX_LINES = 8;

/** The wire has no unit for what Simvue's clients sample: percent of one core, and mebibytes. */
const unitOf = ({ metric, unit }: SeriesView) => {
  if (unit || !metric.startsWith(RESOURCE_PREFIX)) return unit;
  if (/percent|utilisation/.test(metric)) return '%';
  return /memory\.usage$|usage\.memory$/.test(metric) ? 'MiBy' : '';
};

const sharedUnit = (members: readonly SeriesView[]) => {
  const [unit = '', ...others] = new Set(members.map(unitOf));
  return others.length === 0 ? unit : '';
};

const prefixOf = (metric: string) => {
  const dot = metric.lastIndexOf('.');
  return dot > 0 && dot < metric.length - 1 ? metric.slice(0, dot) : metric;
};

function labelsOf(members: readonly SeriesView[], prefix: string): string[] {
  const dimensionsOnly = new Set(members.map((series) => series.metric)).size === 1 && members.length > 1;
  const short = members.map((series) => {
    const dimensions = Object.entries(series.attributes);
    if (dimensionsOnly && dimensions.length === 1) return dimensions[0]?.[1] ?? '';
    if (dimensionsOnly && dimensions.length > 1) return dimensions.map(([key, value]) => `${key}=${value}`).join(' ');
    const name = series.metric.startsWith(`${prefix}.`) ? series.metric.slice(prefix.length + 1) : '';
    const attributes = series.name.slice(series.metric.length);
    return name + attributes || series.metric.slice(series.metric.lastIndexOf('.') + 1);
  });
  const uses = new Map<string, number>();
  for (const label of short) uses.set(label, (uses.get(label) ?? 0) + 1);
  return members.map((series, index) => {
    const label = short[index] ?? series.name;
    return (uses.get(label) ?? 0) > 1 && series.instance ? `${label} @${series.instance.slice(0, 8)}` : label;
  });
}

/** Cards of a run in order of first appearance: metrics with the same name up to the last dot share one, if they share a unit. */
export function groupSeries(runId: string, series: readonly SeriesView[]): Card[] {
  const groups = new Map<string, Succession[]>();
  for (const entry of inSuccession(series)) {
    const key = JSON.stringify([prefixOf(entry.series.metric), displayUnit(unitOf(entry.series))]);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  const titles = new Set<string>();
  return [...groups.values()].flatMap((entries) => {
    const members = entries.map((entry) => entry.series);
    const [first] = members;
    if (!first) return [];
    const prefix = prefixOf(first.metric);
    const unit = unitOf(first);
    const labels = labelsOf(members, prefix);
    const isOneMetric = members.every((member) => member.metric === first.metric);
    const name = isOneMetric ? first.metric : prefix;
    const title = titles.has(name) ? `${name} (${displayUnit(unit) || 'no unit'})` : name;
    titles.add(title);
    return {
      title,
      unit,
      lines: entries.map((entry, index) => ({
        runId,
        ...entry,
        label: labels[index] ?? entry.series.name,
        index,
        slot: slotOf(index),
      })),
      ...countsOf(entries),
    };
  });
}

function countsOf(lines: readonly Succession[]) {
  const parts = lines.flatMap(partsOf);
  return {
    points: parts.reduce((sum, part) => sum + part.count, 0),
    nonFinite: parts.reduce((sum, part) => sum + part.non_finite, 0),
  };
}

/** Names without the words that all of them begin with; alike names stay whole. */
export function shortNames(names: readonly string[]): string[] {
  const [first = '', ...rest] = names;
  let length = 0;
  while (length < first.length && rest.every((name) => name[length] === first[length])) length += 1;
  const cut = /[-_/. ](?=[^-_/. ]*$)/.exec(first.slice(0, length));
  const begin = rest.length > 0 && cut ? cut.index + 1 : 0;
  return names.every((name) => name.length > begin) ? names.map((name) => name.slice(begin)) : [...names];
}

/** Cards of several runs: one for each series, with a line for each run that has it; those of most runs first. */
export function groupRuns(
  runs: readonly (Pick<RunView, 'id' | 'name' | 'colour'> & { readonly series: readonly SeriesView[] })[],
): Card[] {
  const groups = new Map<string, CardLine[]>();
  const names = shortNames(runs.map((run) => run.name));
  runs.forEach(({ id, name, colour, series }, index) => {
    const slot = slotOfRun({ colour });
    for (const entry of inSuccession(series)) {
      const lines = groups.get(entry.series.name) ?? [];
      groups.set(entry.series.name, [...lines, { runId: id, ...entry, label: names[index] ?? name, index, slot }]);
    }
  });
  const cards = [...groups].map(([title, lines]) => {
    return { title, unit: sharedUnit(lines.map((line) => line.series)), lines, ...countsOf(lines) };
  });
  return cards.sort((a, b) => b.lines.length - a.lines.length);
}

/** Cards of which the title or a series name contains each word of `search`. */
export function filterCards(cards: readonly Card[], search: string): Card[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...cards];
  return cards.filter((card) => {
    const text = [card.title, ...card.lines.map((line) => line.series.name)].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The lines to draw: all, or those with the greatest last values in their order of appearance. */
export function pickLines(card: Card, limit = MAX_LINES): readonly CardLine[] {
  if (card.lines.length <= limit) return card.lines;
  const size = (line: CardLine) => line.series.last ?? Number.NEGATIVE_INFINITY;
  return [...card.lines]
    .sort((a, b) => size(b) - size(a) || a.index - b.index)
    .slice(0, limit)
    .sort((a, b) => a.index - b.index);
}

/** Whether a card reads better with a logarithmic axis: positive, and over three decades. */
export function prefersLog(card: Card): boolean {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const series of card.lines.flatMap(partsOf)) {
    if (series.min === null || series.max === null) continue;
    min = Math.min(min, series.min);
    max = Math.max(max, series.max);
  }
  return min > 0 && max / min >= 1000 && Number.isFinite(min);
}

/** Unit as a reader expects it beside a title: UCUM annotations lose their braces, `1` and nothing are nothing. */
export function displayUnit(unit: string): string {
  if (unit === '1') return '';
  return unit
    .replace(/^\{(.*)\}$/, '$1')
    .replace('MiBy', 'MiB')
    .replace('GiBy', 'GiB')
    .replace(/^By$/, 'B');
}

/** The card of metrics that were picked, whichever they are and however the reader calls it. */
export const SINGLE = 'picked metrics';

/** One card of the series with these names, in the order of the names; what is not there is left out. */
export function joinLines(title: string, cards: readonly Card[], names: readonly string[]): Card {
  const all = cards.flatMap((card) => card.lines);
  const found = [...new Set(names)].flatMap((name) => all.filter(({ series }) => series.name === name));
  const lines = found.map((line, index) => ({ ...line, label: line.series.name, index, slot: slotOf(index) }));
  const units = new Set(lines.map(({ series }) => series.unit));
  return {
    title,
    unit: units.size === 1 ? (lines[0]?.series.unit ?? '') : '',
    lines,
    ...countsOf(lines),
  };
}

/** A card with only some of its lines, which keep their labels and colours; undefined = one of the names is of another card. */
export function partOfCard(card: Card, names: readonly string[]): Card | undefined {
  const own = new Set(card.lines.map(({ series }) => series.name));
  if (names.some((name) => !own.has(name))) return undefined;
  const lines = card.lines.filter(({ series }) => names.includes(series.name));
  return { ...card, lines, ...countsOf(lines) };
}

/** One card of the lines of several runs: a run keeps its colour, and a metric after the first is dashed. */
export function joinRunLines(title: string, cards: readonly Card[], names: readonly string[]): Card {
  const found = [...new Set(names)].flatMap((name) => cards.find((card) => card.title === name) ?? []);
  const [first, ...others] = found;
  if (first && others.length === 0) return { ...first, title };
  const lines = found.flatMap((card, metric) =>
    card.lines.map((line) => ({
      ...line,
      label: `${line.label} ${card.title}`,
      slot: { ...line.slot, round: (line.slot.round + metric) % 3 },
    })),
  );
  const numbered = lines.map((line, index) => ({ ...line, index }));
  return { title, unit: sharedUnit(lines.map(({ series }) => series)), lines: numbered, ...countsOf(lines) };
}

/** The series of a name in the run of another series, that of the same writer if there is one. */
export function seriesNamed(
  lines: readonly CardLine[],
  name: string,
  of: Pick<CardLine, 'runId' | 'series'>,
): SeriesView | undefined {
  const found = lines.filter(({ runId, series }) => runId === of.runId && series.name === name).flatMap(partsOf);
  return found.find(({ instance }) => instance === of.series.instance) ?? found[0];
}
