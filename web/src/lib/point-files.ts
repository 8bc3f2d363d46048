import type { Card } from './series.ts';

/** A file to be downloaded. */
export interface PointFile {
  readonly format: 'csv' | 'json' | 'parquet';
  readonly label: string;
  readonly href: string;
}

const FORMATS = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['parquet', 'Parquet'],
] as const;

/** Files with every point of the metrics of a card, of the runs in it. */
export function pointFiles({ lines }: Pick<Card, 'lines'>): PointFile[] {
  const query = new URLSearchParams({
    runs: JSON.stringify([...new Set(lines.map(({ runId }) => runId))]),
    metrics: JSON.stringify([...new Set(lines.map(({ series }) => series.name))]),
  });
  return FORMATS.map(([format, label]) => ({ format, label, href: `/api/points?${query}&format=${format}` }));
}
