import { ControlClient } from '../control/control-client.ts';
import { whenRunIsKnown } from '../control/known-run.ts';
import type { Delivery } from '../delivery.ts';
import { answerOfError, type DeliveryAnswer } from '../delivery-answer.ts';
import type { ControlAddress } from '../endpoints.ts';
import { type GridAssignment, type GridRecord, readGridRecords } from './grid-frames.ts';
import type { NumberGrid } from './number-grid.ts';

/** A grid of the run; of one that an earlier sender has made, the axes are asked for when they matter. */
type Assigned = { readonly id: string } & Pick<GridAssignment, 'metric' | 'name'> & Partial<GridAssignment>;

type Point = Extract<GridRecord, { readonly kind: 'point' }>;

/** Delivers metrics on grids over the REST API; what is delivered again changes nothing. */
export class GridDelivery implements Delivery {
  readonly #control: ControlClient;
  readonly #runPath: string;
  #request = new AbortController();
  /** Grids of the run, by metric. */
  #assigned: Map<string, Assigned> | undefined;

  private constructor(control: ControlClient, runId: string) {
    this.#control = control;
    this.#runPath = `/runs/${encodeURIComponent(runId)}`;
  }

  static to(address: ControlAddress, runId: string): GridDelivery {
    return new GridDelivery(new ControlClient(address), runId);
  }

  async post(body: Buffer): Promise<DeliveryAnswer> {
    this.#request = new AbortController();
    try {
      await this.#store([...readGridRecords(body)]);
      return { kind: 'accepted' };
    } catch (error) {
      return answerOfError(error);
    }
  }

  abort(): void {
    this.#request.abort();
  }

  shutdown(): void {
    void this.#control.close();
  }

  /** In the order of the calls. */
  async #store(records: readonly GridRecord[]): Promise<void> {
    let points: Point[] = [];
    for (const record of records) {
      if (record.kind === 'point') points.push(record);
      else {
        await this.#storePoints(points);
        points = [];
        await this.#assign(record);
      }
    }
    await this.#storePoints(points);
  }

  async #storePoints(points: readonly Point[]): Promise<void> {
    if (points.length === 0) return;
    const entries: object[] = [];
    for (const { kind, ...point } of points) {
      const known = (await this.#grids()).get(point.metric);
      const { id } = known ?? (await this.#assign(unitGrid(point.metric, point.array)));
      entries.push({ ...point, grid: id });
    }
    const { encode } = await import('@msgpack/msgpack');
    await this.#ask('POST', `${this.#runPath}/metrics`, { msgpack: encode(entries) });
  }

  async #assign(wanted: GridAssignment): Promise<Assigned> {
    const { metric, name, grid, labels } = wanted;
    const grids = await this.#grids();
    const known = grids.get(metric);
    if (known !== undefined && (await this.#isSame(known, wanted))) return known;
    const { id } = await this.#ask<{ id: string }>('POST', '/grids', { json: { name, grid, labels } });
    await this.#ask('PUT', `${this.#runPath}/grids/${id}`, { json: { metric } });
    const assigned = { metric, name, grid, labels, id };
    grids.set(metric, assigned);
    return assigned;
  }

  async #isSame(known: Assigned, wanted: GridAssignment): Promise<boolean> {
    if (known.name !== wanted.name) return false;
    const { grid, labels } =
      known.grid === undefined ? await this.#ask<GridAssignment>('GET', `/grids/${known.id}`) : known;
    return JSON.stringify([grid, labels]) === JSON.stringify([wanted.grid, wanted.labels]);
  }

  /** Those that an earlier sender has made are used again. */
  async #grids(): Promise<Map<string, Assigned>> {
    if (this.#assigned === undefined) {
      const grids = await this.#ask<readonly Assigned[]>('GET', `${this.#runPath}/grids`);
      this.#assigned = new Map(grids.map((grid) => [grid.metric, grid]));
    }
    return this.#assigned;
  }

  #ask<Answer>(method: 'GET' | 'POST' | 'PUT', path: string, content: object = {}): Promise<Answer> {
    const { signal } = this.#request;
    return whenRunIsKnown(() => this.#control.json<Answer>({ method, path, signal, ...content }), signal);
  }
}

/** A metric that was given no grid gets one from 0 to 1 along each axis. */
function unitGrid(metric: string, array: NumberGrid['rows']): GridAssignment {
  const shape = Array.isArray(array[0]) ? [array.length, array[0].length] : [array.length];
  const grid = shape.toReversed().map((length) => Array.from({ length }, (_, i) => i / Math.max(1, length - 1)));
  return { metric, name: metric, grid, labels: ['x', 'y'].slice(0, grid.length) };
}
