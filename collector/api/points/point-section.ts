import type { PointColumns } from '../../store/chunk/point-columns.ts';

/** Points of one series, ascending in time, and what all of them have in common; it can be sent to another thread. */
export interface PointSection {
  readonly run: string;
  /** Display name. */
  readonly metric: string;
  /** Writer of the series; empty for points that came by REST. */
  readonly instance: string;
  /** Of the run, in which the writer began; null = not known. */
  readonly attempt: number | null;
  /** Where the run begins. */
  readonly originUnixNano: bigint;
  readonly columns: PointColumns;
}

/** Makes a file of sections, a piece after the other: the pieces together are the file, and without the last one no file. */
export interface PointEncoder {
  rows(sections: readonly PointSection[]): Uint8Array;
  end(): Uint8Array;
}

/** Columns of a table of points, in their order: seconds of `time` count from the start of the run, `timestamp` is UTC. */
export const POINT_COLUMNS = ['run', 'metric', 'instance', 'attempt', 'step', 'time', 'timestamp', 'value'] as const;
