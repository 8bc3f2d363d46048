import { isOwnMetric } from '../../pipeline/own-points.ts';
import { unixNano } from '../chunk/point-columns.ts';
import type { SeriesSummary, StepSpan } from '../telemetry-store.ts';
import type { ChunkTable } from './chunk-table.ts';
import type { SeriesState } from './series-state.ts';
import { storedParts } from './stored-points.ts';

interface Leader {
  readonly state: SeriesState;
  readonly summary: SeriesSummary;
}

/** First point with a step of a stretch. */
interface Beginning {
  readonly sinceUnixNano: bigint;
  readonly step: number;
  readonly timeUnixNano: bigint;
}

/** Reads how far runs have come, and since when. */
export class StepSpanReader {
  readonly #chunks: ChunkTable;
  /** Where a series began does not change while it is in memory: a chunk is decoded once, and not with each look at a live run. */
  readonly #beginnings = new WeakMap<SeriesState, Beginning>();

  constructor(chunks: ChunkTable) {
    this.#chunks = chunks;
  }

  /** @param states - the series of a run. */
  read(states: readonly SeriesState[], sinceUnixNano: bigint): StepSpan | undefined {
    const leader = leaderOf(states, sinceUnixNano);
    if (leader === undefined) return undefined;
    const beginning = this.#beginningOf(leader.state, sinceUnixNano);
    if (beginning === undefined) return undefined;
    return {
      firstStep: beginning.step,
      firstTimeUnixNano: beginning.timeUnixNano,
      lastStep: leader.summary.lastStep,
      lastTimeUnixNano: leader.summary.lastTimeUnixNano,
    };
  }

  #beginningOf(state: SeriesState, sinceUnixNano: bigint): Beginning | undefined {
    const known = this.#beginnings.get(state);
    if (known?.sinceUnixNano === sinceUnixNano) return known;
    for (const { summary, columns } of storedParts(state, this.#chunks)) {
      if (summary.lastTimeUnixNano < sinceUnixNano) continue;
      const { count, timeLow, timeHigh, step: steps } = columns();
      for (let i = 0; i < count; i++) {
        const timeUnixNano = unixNano(timeLow[i] as number, timeHigh[i] as number);
        const step = steps?.[i] ?? Number.NaN;
        if (timeUnixNano < sinceUnixNano || Number.isNaN(step)) continue;
        const beginning = { sinceUnixNano, step, timeUnixNano };
        this.#beginnings.set(state, beginning);
        return beginning;
      }
    }
    return undefined;
  }
}

/** Of each metric the writer that began last counts: an earlier one was ended, perhaps further on than where it was resumed. */
function leaderOf(states: readonly SeriesState[], sinceUnixNano: bigint): Leader | undefined {
  const newest = new Map<string, Leader>();
  for (const state of states) {
    const { displayName } = state.series.definition;
    const summary = isOwnMetric(displayName) ? state.summary() : undefined;
    if (summary === undefined || Number.isNaN(summary.lastStep) || summary.lastTimeUnixNano < sinceUnixNano) continue;
    const known = newest.get(displayName)?.summary;
    if (known === undefined || summary.firstTimeUnixNano > known.firstTimeUnixNano)
      newest.set(displayName, { state, summary });
  }
  let leader: Leader | undefined;
  for (const one of newest.values()) {
    if (leader === undefined || one.summary.lastStep > leader.summary.lastStep) leader = one;
  }
  return leader;
}
