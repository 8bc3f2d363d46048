import type { AlertView, EvaluationView } from '../../../collector/api/contract/alert.ts';
import type { Plot } from '../../../collector/api/contract/telemetry.ts';
import { fetchPlot, fetchSeries } from './api.ts';
import { MAX_LINES } from './series.ts';
import { parseTimestamp } from './time.ts';

const MAX_POINTS = 600;

/** What evaluations looked at, read anew whenever it is asked for; ids of series are asked once a name. */
export class AlertLine {
  readonly #runId: string;
  readonly #ids = new Map<string, readonly number[]>();

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** Points or buckets of the series (one a writer) over the time of some of its evaluations. */
  async read(
    { source }: Pick<AlertView, 'source'>,
    evaluations: readonly EvaluationView[],
    signal: AbortSignal,
  ): Promise<Plot['data']> {
    const [newest] = evaluations;
    if (source !== 'metrics' || newest === undefined) return [];
    const seriesIds = await this.#idsOf(newest.series, signal);
    if (seriesIds.length === 0) return [];
    const from = Math.min(...evaluations.map((evaluation) => parseTimestamp(evaluation.from)));
    const range = [from, parseTimestamp(newest.time)] as const;
    const asked = { seriesIds, axis: 'timestamp', maxPoints: MAX_POINTS, range } as const;
    return (await fetchPlot(this.#runId, asked, signal)).data;
  }

  async #idsOf(name: string, signal: AbortSignal): Promise<readonly number[]> {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const { data } = await fetchSeries(this.#runId, signal);
    const ids = data.filter((series) => series.name === name).map(({ id }) => id);
    if (ids.length > 0) this.#ids.set(name, ids.slice(0, MAX_LINES));
    return ids.slice(0, MAX_LINES);
  }
}
