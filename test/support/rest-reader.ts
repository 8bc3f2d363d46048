import type { FolderView, RunList, RunView } from '../../collector/api/contract/run.ts';
import type { EventList, Plot, SeriesList } from '../../collector/api/contract/telemetry.ts';

/** One value of a metric on the step axis. */
export interface StepValue {
  readonly step: number;
  readonly value: number;
}

/** Values by run id and metric name, as `GET /api/metrics` answers them on the step axis. */
export type StepValues = Readonly<Record<string, Readonly<Record<string, readonly StepValue[]>>>>;

/** Reads a collector's REST API, in the shapes of its contract. */
export class RestReader {
  readonly #base: string;

  constructor(collectorUrl: string) {
    this.#base = `${collectorUrl}/api`;
  }

  runs(query: { count?: number; start?: number; filters?: readonly string[] } = {}): Promise<RunList> {
    return this.get('/runs', {
      start: String(query.start ?? 0),
      count: String(query.count ?? 100),
      filters: JSON.stringify(query.filters ?? []),
    });
  }

  run(id: string): Promise<RunView> {
    return this.get(`/runs/${id}`);
  }

  folders(): Promise<{ count: number; data: FolderView[] }> {
    return this.get('/folders', { start: '0', count: '100' });
  }

  metricNames(runId: string): Promise<string[]> {
    return this.get('/metrics/names', { runs: JSON.stringify([runId]) });
  }

  /** Every value of the metrics, ascending in step. */
  metricValues(runIds: readonly string[], metrics: readonly string[]): Promise<StepValues> {
    return this.get('/metrics', {
      runs: JSON.stringify(runIds),
      metrics: JSON.stringify(metrics),
      xaxis: 'step',
      aggregate: 'False',
    });
  }

  events(runId: string): Promise<EventList> {
    return this.get(`/runs/${runId}/events`, { start: '0', count: '10000', order: 'asc' });
  }

  series(runId: string): Promise<SeriesList> {
    return this.get(`/runs/${runId}/series`);
  }

  plot(runId: string, seriesId: number, maxPoints: number): Promise<Plot> {
    return this.get(`/runs/${runId}/plot`, { series: String(seriesId), xaxis: 'step', max_points: String(maxPoints) });
  }

  async get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    const url = `${this.#base}${path}?${new URLSearchParams(query)}`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

/** Asks again until the answer satisfies; fails with the last answer when the time is over. */
export async function eventually<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  timeoutMillis = 45_000,
): Promise<T> {
  for (const deadline = Date.now() + timeoutMillis; ; ) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`not within ${timeoutMillis} ms; last answer: ${JSON.stringify(answer).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
