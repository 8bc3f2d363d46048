import { Readable } from 'node:stream';
import { SimvueError } from 'simvue-otel/errors';
import type { RunRow } from '../../store/catalog-store.ts';
import type { ApiContext } from '../api-context.ts';
import type { PointFormat } from '../contract/points.ts';
import { EncoderThread } from './encoder-thread.ts';
import type { PointSection } from './point-section.ts';
import { pointsOfRun } from './run-points.ts';

/** Rows that are encoded at once: a row group of Parquet. */
const BATCH_ROWS = 131_072;
/** Each has a thread and a batch in memory. */
const MAX_EXPORTS = 4;

/** What is written to a file. */
export interface PointSelection {
  readonly runs: readonly RunRow[];
  /** Display names; undefined = all. */
  readonly metrics: readonly string[] | undefined;
  readonly format: PointFormat;
}

/** Makes files of points; the memory of one does not grow with its points, and only so many are made at once. */
export class PointExports {
  readonly #context: ApiContext;
  #running = 0;

  constructor(context: ApiContext) {
    this.#context = context;
  }

  /**
   * The file, made as it is read.
   *
   * @throws SimvueError `SIMVUE_ERR_OVERLOADED` when too many are being made.
   */
  file(selection: PointSelection): Readable {
    if (this.#running >= MAX_EXPORTS)
      throw new SimvueError('SIMVUE_ERR_OVERLOADED', `${MAX_EXPORTS} exports are being made: try again later`);
    this.#running++;
    const file = Readable.from(this.#pieces(selection), { objectMode: false });
    return file.once('close', () => this.#running--);
  }

  async *#pieces(selection: PointSelection): AsyncGenerator<Uint8Array> {
    await using encoder = new EncoderThread(selection.format);
    for await (const batch of this.#batches(selection)) yield await encoder.rows(batch);
    yield await encoder.end();
  }

  async *#batches({ runs, metrics }: PointSelection): AsyncGenerator<readonly PointSection[]> {
    let batch: PointSection[] = [];
    let rows = 0;
    for (const run of runs) {
      for await (const section of pointsOfRun(this.#context, run, metrics)) {
        batch.push(section);
        rows += section.columns.count;
        if (rows < BATCH_ROWS) continue;
        yield batch;
        batch = [];
        rows = 0;
      }
    }
    yield batch;
  }
}
