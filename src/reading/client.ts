import { findEndpoints } from '../config/load-settings.ts';
import { ControlClient } from '../control/control-client.ts';
import type { EndpointOptions } from '../endpoints.ts';
import { SimvueError } from '../errors.ts';
import { checkedQuery } from './checked-query.ts';
import { type ArtifactValue, downloadToFile, downloadValue } from './download.ts';
import { readAggregatedValues, readMetricValues, type ValuesQuery } from './metric-values.ts';
import { collect, pages } from './pages.ts';
import { type PointsQuery, savePoints } from './point-file.ts';
import type {
  AggregatedValues,
  ArtifactRecord,
  EventRecord,
  FolderRecord,
  MetricValues,
  RunAlertRecord,
  RunQuery,
  RunRecord,
} from './records.ts';
import { exportRun } from './run-export.ts';

/** Which events of a run are wanted. */
export interface EventQuery {
  /** For example `event.message contains diverged`. */
  readonly filters?: readonly string[];
  readonly limit?: number;
}

/**
 * Reads runs back from a collector; every failure is thrown as a `SimvueError`.
 *
 * A run is named by its id, or by what its program calls it.
 *
 * @see Simvue client reference, `Client`
 */
export class Client implements AsyncDisposable {
  readonly #control: ControlClient;

  /** Without options: what the environment and the configuration file say. */
  constructor(options: EndpointOptions & { readonly profile?: string } = {}) {
    this.#control = new ControlClient(findEndpoints(checkedQuery('Client', options)).control);
  }

  /**
   * One run.
   *
   * @throws `SIMVUE_ERR_NOT_FOUND` when it is not known.
   */
  getRun(id: string): Promise<RunRecord> {
    return this.#get(`/runs/${encodeURIComponent(id)}`);
  }

  /**
   * The id of the only run with this name.
   *
   * @throws `SIMVUE_ERR_NOT_FOUND`, or `SIMVUE_ERR_CONFLICT` when several have it.
   */
  async getRunIdFromName(name: string): Promise<string> {
    const runs = await this.getRuns({ filters: [`name == ${name}`], limit: 2 });
    const [run] = runs;
    if (run !== undefined && runs.length === 1) return run.id;
    if (run === undefined) throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `no run has the name "${name}"`);
    throw new SimvueError('SIMVUE_ERR_CONFLICT', `several runs have the name "${name}": use an id`);
  }

  /** Runs one after another, read as they are asked for. */
  runs(query: RunQuery = {}): AsyncGenerator<RunRecord> {
    const { filters = [], sortBy, limit } = checkedQuery('runs', query);
    const sorting = sortBy && JSON.stringify([{ id: sortBy.column, desc: sortBy.descending ?? false }]);
    return pages(this.#control, '/runs', { filters: JSON.stringify(filters), sorting }, limit);
  }

  /** Runs in one list, the newest first; at most 100 unless `limit` says otherwise. */
  async getRuns(query: RunQuery = {}): Promise<RunRecord[]> {
    return collect(this.runs({ limit: 100, ...query }));
  }

  /** Names of the metrics whose values are numbers, not arrays. */
  getMetricNames(runId: string): Promise<string[]> {
    return this.#get('/metrics/names', { runs: JSON.stringify([runId]) });
  }

  /** Every point, or `maxPoints` of a metric. */
  async getMetricValues(query: ValuesQuery): Promise<MetricValues[]> {
    return readMetricValues(this.#control, checkedQuery('values', query));
  }

  /** Average, least and greatest value over the runs at each step or time. */
  async getAggregatedValues(query: ValuesQuery): Promise<AggregatedValues[]> {
    return readAggregatedValues(this.#control, checkedQuery('values', query));
  }

  /** Events one after another, the oldest first. */
  events(runId: string, query: EventQuery = {}): AsyncGenerator<EventRecord> {
    const { filters = [], limit } = checkedQuery('events', query);
    return pages(this.#control, '/events', { run: runId, filters: JSON.stringify(filters) }, limit);
  }

  /** Events in one list, the oldest first. */
  async getEvents(runId: string, query: EventQuery = {}): Promise<EventRecord[]> {
    return collect(this.events(runId, query));
  }

  /** The alerts of a run and their states. */
  getAlerts(runId: string): Promise<RunAlertRecord[]> {
    type Entry = { readonly alert: RunAlertRecord; readonly status: RunAlertRecord['status'] };
    return this.#get<{ alerts: readonly Entry[] }>(`/runs/${encodeURIComponent(runId)}`).then(({ alerts }) =>
      alerts.map(({ alert: { name, source }, status }) => ({ name, source, status })),
    );
  }

  /**
   * The artifacts of a run, without their content, the oldest first.
   *
   * @param query - only those with this name or category.
   */
  async getArtifacts(
    runId: string,
    query: { readonly name?: string; readonly category?: ArtifactRecord['category'] } = {},
  ): Promise<ArtifactRecord[]> {
    return this.#get(`/runs/${encodeURIComponent(runId)}/artifacts`, { ...checkedQuery('artifacts', query) });
  }

  /**
   * The newest artifact of this name, as a value: arrays of numbers with their shape, JSON, text, else bytes.
   *
   * @throws `SIMVUE_ERR_NOT_FOUND`, or `SIMVUE_ERR_MALFORMED` when the content does not fit its SHA-256.
   */
  async getArtifact(runId: string, name: string): Promise<ArtifactValue> {
    return downloadValue(this.#control, await this.#artifact(runId, name));
  }

  /**
   * Writes the newest artifact of this name to a file, which is there as a whole or not at all.
   *
   * @throws as `getArtifact` does.
   */
  async getArtifactAsFile(runId: string, name: string, path: string): Promise<void> {
    await downloadToFile(this.#control, await this.#artifact(runId, name), path);
  }

  /** Writes a run to a directory: `run.json`, every point in `metrics-by-step.csv` and `metrics-by-time.csv`, `events.jsonl`, `artifacts/<category>/…`. */
  exportRun(runId: string, directory: string): Promise<void> {
    return exportRun(this.#control, this, runId, directory);
  }

  /**
   * Writes every point of some runs to a table, which is there as a whole or not at all: Parquet, CSV or JSON, as the path ends.
   * A row is a point: run, metric, instance, attempt, step, time (seconds), timestamp (UTC), value.
   *
   * @throws `SIMVUE_ERR_NOT_FOUND` when a run is not known.
   */
  exportPoints(query: PointsQuery, path: string): Promise<void> {
    return savePoints(this.#control, checkedQuery('points', query), path);
  }

  /** Folders that fit all filters, for example `path contains /cfd`. */
  getFolders(filters: readonly string[] = []): Promise<FolderRecord[]> {
    return collect(pages(this.#control, '/folders', { filters: JSON.stringify(filters) }));
  }

  /** Asks the run to end; its program hears of it within ten seconds. */
  async abortRun(runId: string, reason: string): Promise<void> {
    const path = `/runs/${encodeURIComponent(runId)}/abort`;
    await this.#control.json({ method: 'PUT', path, json: { reason } });
  }

  /** Deletes a run with all that belongs to it. */
  async deleteRun(runId: string): Promise<void> {
    await this.#control.json({ method: 'DELETE', path: `/runs/${encodeURIComponent(runId)}` });
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#control.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #artifact(runId: string, name: string): Promise<ArtifactRecord> {
    const artifact = (await this.getArtifacts(runId, { name })).at(-1);
    if (artifact !== undefined) return artifact;
    throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `run ${runId} has no artifact "${name}"`);
  }

  #get<Answer>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<Answer> {
    return this.#control.json({ method: 'GET', path, query });
  }
}
