import type { AlertView, EvaluationView } from '../../../collector/api/contract/alert.ts';
import type { Plot } from '../../../collector/api/contract/telemetry.ts';
import { fetchPlot, fetchSeries } from './api.ts';
import { MAX_LINES } from './series.ts';
import { parseTimestamp } from './time.ts';

const MAX_POINTS = 600;
/** Their values of a window are no values of the metric: both on one axis would say nothing. */
const OTHER_SCALE: readonly unknown[] = ['sum', 'rate of change', 'spread'];

/** What evaluations looked at, read anew whenever it is asked for; ids of series are asked once a name. */
export class AlertLine {
  readonly #runId: string;
  readonly #ids = new Map<string, readonly number[]>();

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** Points or buckets of the series (one a writer) over the time of some of its evaluations; none where a window's value is on another scale. */
  async read(
    { alert, source }: Pick<AlertView, 'alert' | 'source'>,
    evaluations: readonly EvaluationView[],
    signal: AbortSignal,
  ): Promise<Plot['data']> {
    const [newest] = evaluations;
    if (source !== 'metrics' || newest === undefined || OTHER_SCALE.includes(alert?.['aggregation'])) return [];
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
