import type { MetricSummaries } from '../../../collector/api/contract/telemetry.ts';
import { shownZone } from './zone.ts';

/** Cells of metric columns, by run and metric. */
export type MetricCells = MetricSummaries['data'];

/** A column of the runs table beside the name; `metadata.<key>` and `metric.<name>` are columns too. */
export interface Column {
  readonly id: string;
  readonly label: string;
  /** Numbers and times stand right. */
  readonly isNumber?: boolean;
  readonly widthPixels: number;
  /** What the collector sorts by, where it does. */
  readonly sort?: string;
}

const timeColumn = (id: string, word: string): Column => ({
  id,
  get label() {
    return `${word}, ${shownZone().word}`;
  },
  widthPixels: 148,
  isNumber: true,
  sort: id,
});

export const COLUMNS: readonly Column[] = [
  { id: 'status', label: 'Status', widthPixels: 124 },
  { id: 'alerts', label: 'Alerts', widthPixels: 96 },
  { id: 'duration', label: 'Duration', widthPixels: 104, isNumber: true },
  timeColumn('created', 'Created'),
  timeColumn('started', 'Started'),
  timeColumn('ended', 'Ended'),
  { id: 'sign', label: 'Last sign', widthPixels: 112, isNumber: true },
  { id: 'folder', label: 'Folder', widthPixels: 180 },
  { id: 'tags', label: 'Tags', widthPixels: 200 },
  { id: 'user', label: 'User', widthPixels: 112 },
  { id: 'description', label: 'Description', widthPixels: 240 },
];

export const DEFAULT_COLUMNS: readonly string[] = ['status', 'alerts', 'duration', 'created', 'sign', 'folder', 'tags'];

/** The column of an id. */
export function columnOf(id: string): Column {
  const known = COLUMNS.find((column) => column.id === id);
  if (known) return known;
  if (id.startsWith('metric.'))
    return { id, label: id.slice(7), isNumber: true, widthPixels: 168, sort: `metrics.${id.slice(7)}` };
  return { id, label: id.slice(9), sort: id, widthPixels: 120 };
}

/** Names of the metrics that columns show. */
export const metricsOf = (columns: readonly string[]): string[] =>
  columns.filter((id) => id.startsWith('metric.')).map((id) => id.slice(7));

/** Whether the collector sorts runs by it. */
export function isSortable(id: string): boolean {
  return id === 'name' || COLUMNS.some((column) => column.sort === id) || /^met(?:adata|rics)\../s.test(id);
}
