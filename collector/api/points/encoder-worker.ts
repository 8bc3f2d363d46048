import { parentPort, workerData } from 'node:worker_threads';
import type { PointFormat } from '../contract/points.ts';
import { ParquetPoints } from './parquet-points.ts';
import type { PointEncoder, PointSection } from './point-section.ts';
import { csvPoints, jsonPoints } from './text-points.ts';

const ENCODERS: Record<PointFormat, () => PointEncoder> = {
  csv: csvPoints,
  json: jsonPoints,
  parquet: () => new ParquetPoints(),
};

if (parentPort === null) throw new Error('encoder-worker.js runs in a worker thread only');
const port = parentPort;
const encoder = ENCODERS[workerData as PointFormat]();

/** Undefined = there are no more. */
port.on('message', (sections: readonly PointSection[] | undefined) => {
  port.postMessage(sections === undefined ? encoder.end() : encoder.rows(sections));
});
