import type { OwnAxis } from './axis.ts';
import { request } from './request.ts';
import type { Card } from './series.ts';
import { csvCell } from './table-export.ts';

type Points = Record<string, Record<string, readonly Record<string, number | string>[]>>;
const NOT_FINITE = /("value": ?)(NaN|-?Infinity)/g;

/** Every point of the lines of a card, as CSV: run, metric, position on the axis, value. */
export async function fetchPointsCsv(card: Card, axis: OwnAxis): Promise<string> {
  const runs = [...new Set(card.lines.map((line) => line.runId))];
  const metrics = [...new Set(card.lines.map((line) => line.series.name))];
  const query = new URLSearchParams({ runs: JSON.stringify(runs), metrics: JSON.stringify(metrics), xaxis: axis });
  const text = await request('/api/metrics', { query, read: (response) => response.text() });
  const points = JSON.parse(text.replace(NOT_FINITE, '$1"$2"')) as Points;
  const rows = Object.entries(points).flatMap(([run, byMetric]) =>
    Object.entries(byMetric).flatMap(([metric, values]) =>
      values.map((point) =>
        [run, metric, point[axis] ?? '', point['value'] ?? ''].map((cell) => csvCell(String(cell))),
      ),
    ),
  );
  return `${[['run', 'metric', axis, 'value'], ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}
