import type { ControlClient } from '../control/control-client.ts';
import { whenRunIsKnown } from '../control/known-run.ts';
import { SimvueError } from '../errors.ts';
import { formatTimestamp } from '../time.ts';
import type { NumberGrid } from './number-grid.ts';

const MAX_REQUEST_NUMBERS = 500_000;
const MAX_WAITING_NUMBERS = 16_000_000;

/** Values of one metric on a grid, at one step. */
export interface GridPoint {
  readonly metric: string;
  readonly values: NumberGrid;
  readonly step: number;
  /** Seconds since the start of the run. */
  readonly time: number;
  readonly timeUnixNano: bigint;
}

interface Waiting extends GridPoint {
  readonly done: (error?: unknown) => void;
}

/** Metrics whose values are arrays: they go over the REST API, in the order of the calls. */
export class RunGrids {
  readonly #control: ControlClient;
  readonly #runPath: string;
  readonly #signal: AbortSignal;
  /** Id of the grid of a metric. */
  readonly #grids = new Map<string, Promise<string>>();
  readonly #waiting: Waiting[] = [];
  #waitingNumbers = 0;
  #isSending = false;

  constructor(control: ControlClient, runId: string, signal: AbortSignal) {
    this.#control = control;
    this.#runPath = `/runs/${encodeURIComponent(runId)}`;
    this.#signal = signal;
  }

  /**
   * Gives a metric its grid.
   *
   * @param ticks - one or two axes, first the one along a row.
   */
  async assign(
    metric: string,
    name: string,
    ticks: readonly (readonly number[])[],
    labels: readonly string[],
  ): Promise<void> {
    await this.#remember(metric, this.#create(metric, name, ticks, labels));
  }

  /** Settles when the point is stored. */
  log(point: GridPoint): Promise<void> {
    const numbers = point.values.count;
    if (this.#waitingNumbers + numbers > MAX_WAITING_NUMBERS) {
      const message = `${this.#waitingNumbers} numbers on grids wait to be sent`;
      return Promise.reject(new SimvueError('SIMVUE_ERR_QUEUE_FULL', message));
    }
    this.#waitingNumbers += numbers;
    const stored = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ ...point, done: (error) => (error === undefined ? resolve() : reject(error)) });
    });
    if (!this.#isSending) void this.#send();
    return stored;
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const error = await this.#try(batch);
      for (const point of batch) {
        // What is wrong with one must not take the others with it.
        const own = error === undefined || batch.length === 1 ? error : await this.#try([point]);
        this.#waitingNumbers -= point.values.count;
        point.done(own);
      }
    }
    this.#isSending = false;
  }

  /** @returns why it failed. */
  async #try(batch: readonly GridPoint[]): Promise<unknown> {
    try {
      await this.#post(batch);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #nextBatch(): Waiting[] {
    let numbers = 0;
    const end = this.#waiting.findIndex(({ values }) => {
      numbers += values.count;
      return numbers > MAX_REQUEST_NUMBERS;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
  }

  async #post(batch: readonly GridPoint[]): Promise<void> {
    const entries = await Promise.all(
      batch.map(async ({ metric, values, step, time, timeUnixNano }) => ({
        metric,
        grid: await this.#gridOf(metric, values),
        array: values.rows,
        step,
        time,
        timestamp: formatTimestamp(timeUnixNano),
      })),
    );
    const { encode } = await import('@msgpack/msgpack');
    const request = { method: 'POST', path: `${this.#runPath}/metrics`, msgpack: encode(entries) } as const;
    await whenRunIsKnown(() => this.#control.jsonEventually({ ...request, signal: this.#signal }), this.#signal);
  }

  /** A metric that was given none gets one from 0 to 1 along each axis. */
  #gridOf(metric: string, { shape }: NumberGrid): Promise<string> {
    const known = this.#grids.get(metric);
    if (known !== undefined) return known;
    const ticks = shape.toReversed().map((length) => Array.from({ length }, (_, i) => i / Math.max(1, length - 1)));
    return this.#remember(metric, this.#create(metric, metric, ticks, ['x', 'y'].slice(0, ticks.length)));
  }

  /** One that could not be made is made anew the next time. */
  #remember(metric: string, creation: Promise<string>): Promise<string> {
    const grid = creation.catch((error: unknown) => {
      if (this.#grids.get(metric) === grid) this.#grids.delete(metric);
      throw error;
    });
    this.#grids.set(metric, grid);
    return grid;
  }

  async #create(
    metric: string,
    name: string,
    grid: readonly (readonly number[])[],
    labels: readonly string[],
  ): Promise<string> {
    const signal = this.#signal;
    const json = { name, grid, labels };
    const { id } = await this.#control.jsonEventually<{ id: string }>({ method: 'POST', path: '/grids', json, signal });
    const assignment = { method: 'PUT', path: `${this.#runPath}/grids/${id}`, json: { metric }, signal } as const;
    await whenRunIsKnown(() => this.#control.jsonEventually(assignment), signal);
    return id;
  }
}
