import { createWriteStream } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UnavailableError } from '../control/answer-error.ts';
import type { ControlClient } from '../control/control-client.ts';
import { errorText, SimvueError } from '../errors.ts';
import { saveWhole } from './download.ts';

/** Forms in which points are written. */
export const POINT_FORMATS = ['csv', 'json', 'parquet'] as const;

/** Which points are written to a file. */
export interface PointsQuery {
  /** Ids, or what the programs call their runs. */
  readonly runIds: readonly string[];
  /** Names; default: all. */
  readonly metrics?: readonly string[];
  /** Default: what the file is called. */
  readonly format?: (typeof POINT_FORMATS)[number];
}

/** Writes every point to a file. @throws SimvueError `SIMVUE_ERR_INVALID_ARGUMENT` when neither query nor path says the format. */
export async function savePoints(control: ControlClient, query: PointsQuery, path: string): Promise<void> {
  const format = query.format ?? POINT_FORMATS.find((known) => extname(path).toLowerCase() === `.${known}`);
  if (format === undefined)
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `${path} must end in .${POINT_FORMATS.join(', .')}`);
  const metrics = query.metrics && JSON.stringify(query.metrics);
  const asked = { runs: JSON.stringify(query.runIds), metrics, format };
  const { body } = await control.open({ method: 'GET', path: '/points', query: asked });
  await saveWhole(path, (partial) =>
    pipeline(body, createWriteStream(partial)).catch((error: unknown) => {
      throw new UnavailableError(`the points did not come to their end: ${errorText(error)}`);
    }),
  );
}
