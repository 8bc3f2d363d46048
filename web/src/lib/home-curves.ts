import { fetchMetricCells, fetchMetricNames } from './api.ts';
import type { MetricCells } from './columns.ts';
import { leadMetric } from './lead-metric.ts';
import { ApiError } from './request.ts';

const SPARK_VALUES = 48;

/** A run whose curve is wanted; without `metric`, of the one that says most of it. */
export interface WantedCurve {
  readonly id: string;
  readonly metric?: string | undefined;
}

/** Reads curves of runs; names of metrics are asked once a run, until it has one. */
export class HomeCurves {
  readonly #leads = new Map<string, string>();

  /** The metric that is drawn of a run; undefined = it has none yet. */
  leadOf(id: string): string | undefined {
    return this.#leads.get(id);
  }

  async read(wanted: readonly WantedCurve[], signal: AbortSignal): Promise<MetricCells> {
    const runs = [...new Set(wanted.map(({ id }) => id))];
    await Promise.all(
      runs.map(async (id) => {
        if (this.#leads.has(id)) return;
        const lead = leadMetric(await namesOf(id, signal));
        if (lead !== undefined) this.#leads.set(id, lead);
      }),
    );
    const metrics = new Set(wanted.flatMap(({ id, metric }) => [metric, this.#leads.get(id)]));
    const named = [...metrics].filter((metric) => metric !== undefined);
    return named.length === 0 ? {} : fetchMetricCells({ runs, metrics: named, values: SPARK_VALUES }, signal);
  }
}

/** None of a run that was deleted meanwhile. */
async function namesOf(id: string, signal: AbortSignal): Promise<string[]> {
  try {
    return await fetchMetricNames([id], signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}
