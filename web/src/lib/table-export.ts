import type { RunListItem } from '../../../collector/api/contract/run.ts';
import type { Aggregate } from './aggregate.ts';
import { alertState } from './alert-state.ts';
import { columnOf, type MetricCells } from './columns.ts';
import type { ComparedRow, Comparison } from './comparison.ts';
import { metadataAt } from './flatten.ts';

/** A cell that a spreadsheet reads as text and never as a formula. */
export const csvCell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Runs as CSV: id, name, then these columns with full values; of a metric the last one. */
export function runsCsv(runs: readonly RunListItem[], columns: readonly string[], cells: MetricCells = {}): string {
  const head = ['id', 'name', ...columns.map((id) => (id.includes('.') ? id : columnOf(id).id))];
  const rows = runs.map((run) => [run.id, run.name, ...columns.map((id) => textOf(run, id, cells[run.id]))]);
  return `${[head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

/** A comparison as CSV: a column a run, and the rows that are shown with full values; of an input its whole checksum. */
export function comparisonCsv(
  runs: readonly Pick<RunListItem, 'id' | 'name' | 'status'>[],
  { metadata, metrics, inputs }: Comparison,
  of: Aggregate,
): string {
  const rowsOf = (group: string, rows: readonly ComparedRow[], more = '') =>
    rows.map(({ key, values }) => [group, key + more, ...values.map((value) => String(value ?? ''))]);
  const rows = [
    ['', 'name', ...runs.map(({ name }) => name)],
    ['', 'id', ...runs.map(({ id }) => id)],
    ['', 'status', ...runs.map(({ status }) => status)],
    ...rowsOf('metadata', metadata),
    ...rowsOf('metrics', metrics, ` ${of}`),
    ...rowsOf('inputs', inputs),
  ];
  return `${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function textOf(run: RunListItem, id: string, cells: MetricCells[string] = {}): string {
  if (id.startsWith('metadata.')) return metadataAt(run.metadata, id.slice(9));
  if (id.startsWith('metric.')) return cells[id.slice(7)]?.last_text ?? '';
  const seconds = (text: string | null) => (text === null ? Number.NaN : Date.parse(`${text}Z`) / 1000);
  switch (id) {
    case 'alerts':
      return `${(run.alerts ?? []).filter((entry) => alertState(entry) === 'firing').length}/${run.alerts?.length ?? 0}`;
    case 'duration': {
      const lasted = seconds(run.endtime ?? run.last_sign) - seconds(run.started);
      return Number.isNaN(lasted) ? '' : String(Math.round(lasted * 1e3) / 1e3);
    }
    case 'tags':
      return run.tags.join(';');
    case 'sign':
      return run.last_sign ?? '';
    default:
      return String(run[id as keyof RunListItem] ?? '');
  }
}
