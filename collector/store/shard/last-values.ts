import type { Database, Statement } from '../sqlite-database.ts';
import { decodeRecords } from './chunk-record.ts';
import type { SeriesCatalogue } from './series-catalogue.ts';

/** The series of a metric of some runs with the chunk that has their newest point: of equally late ones the one sealed last. */
const NEWEST_CHUNKS = `
  SELECT r.id, c.record
  FROM json_each(?1) asked CROSS JOIN run r ON r.id = asked.value
    CROSS JOIN series s ON s.run = r.number AND s.display_name = ?2
    CROSS JOIN chunk c ON c.series = s.id AND c.number =
      (SELECT t.number FROM chunk_time t WHERE t.series = s.id ORDER BY t.last_time DESC, t.number DESC LIMIT 1)
  ORDER BY s.id`;

interface Last {
  readonly last: number;
  readonly lastTimeUnixNano: bigint;
}

/** Reads the newest value of a metric of many runs, without loading the runs. */
export class LastValueReader {
  readonly #catalogue: SeriesCatalogue;
  readonly #newestChunks: Statement;

  constructor(database: Database, catalogue: SeriesCatalogue) {
    this.#catalogue = catalogue;
    this.#newestChunks = database.prepare(NEWEST_CHUNKS);
  }

  /** @returns a value a run, undefined for one without the metric; of instances that are equally late the first counts, as in the view of the run. */
  read(metric: string, runIds: readonly string[]): (number | undefined)[] {
    const newest = new Map<string, Last>();
    const see = (runId: string, last: Last): void => {
      const known = newest.get(runId);
      if (known === undefined || last.lastTimeUnixNano > known.lastTimeUnixNano) newest.set(runId, last);
    };
    const stored: string[] = [];
    for (const runId of runIds) {
      const held = this.#catalogue.heldOf(runId);
      if (held === undefined) stored.push(runId);
      for (const state of held ?? []) {
        const summary = state.series.definition.displayName === metric ? state.summary() : undefined;
        if (summary !== undefined) see(runId, summary);
      }
    }
    if (stored.length > 0) {
      for (const [runId, record] of this.#newestChunks.arrays(JSON.stringify(stored), metric)) {
        for (const { summary } of decodeRecords(record as Buffer)) see(runId as string, summary);
      }
    }
    return runIds.map((runId) => newest.get(runId)?.last);
  }
}
