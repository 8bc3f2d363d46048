import { SequenceRanges } from '../../pipeline/sequence-ranges.ts';
import type { Database, Statement } from '../sqlite-database.ts';
import type { RunWriter, ShardCommit, WriterGaps } from '../telemetry-store.ts';
import type { RunTable } from './run-table.ts';

interface Waiting {
  readonly runId: string;
  readonly instance: string;
  readonly ranges: SequenceRanges;
  /** Numbers of dropped attributes with the request that told of them: a replay does not count them again. */
  readonly dropped: [sequence: number, count: number][];
}

/** What has not come from the writers of runs: gaps in their sequence numbers, attributes that their SDK dropped. */
export class WriterTable {
  readonly #runs: RunTable;
  readonly #get: Statement;
  readonly #put: Statement;
  readonly #ofRun: Statement;
  #waiting = new Map<string, Waiting>();
  #sequence = 0;

  constructor(database: Database, runs: RunTable) {
    this.#runs = runs;
    this.#get = database.prepare(
      'SELECT edges, given_up, dropped, sequence FROM writer WHERE run = ? AND instance = ?',
    );
    this.#put = database.prepare('INSERT OR REPLACE INTO writer VALUES (?, ?, ?, ?, ?, ?)');
    this.#ofRun = database.prepare(
      'SELECT instance, edges, given_up, dropped FROM writer WHERE run = ? ORDER BY instance',
    );
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add({ sequence, writers }: Pick<ShardCommit, 'sequence' | 'writers'>, isDeleted: (runId: string) => boolean): void {
    for (const writer of writers) {
      if (isDeleted(writer.runId)) continue;
      this.#sequence = sequence;
      const { ranges, dropped } = this.#waitingOf(writer);
      ranges.addAll(writer);
      if (writer.droppedAttributes > 0) dropped.push([sequence, writer.droppedAttributes]);
    }
  }

  /** Writes everything; belongs in a transaction. */
  store(): void {
    for (const { runId, instance, ranges, dropped } of this.#waiting.values()) {
      const run = this.#runs.run(runId);
      const row = this.#get.get(run, instance);
      const known = Number(row?.['sequence'] ?? 0);
      const all = readRanges(row?.['edges'], row?.['given_up']);
      all.addAll(ranges);
      let count = Number(row?.['dropped'] ?? 0);
      for (const [sequence, more] of dropped) if (sequence > known) count += more;
      this.#put.run(run, instance, JSON.stringify(all.edges), all.givenUp, count, Math.max(known, this.#sequence));
    }
  }

  /** After the transaction. */
  clear(): void {
    this.#waiting = new Map();
  }

  /** Writers that have sequence numbers or dropped something, as far as it is stored. */
  ofRun(run: number): WriterGaps[] {
    return this.#ofRun.all(run).map((row) => ({
      instance: row['instance'] as string,
      missing: readRanges(row['edges'], row['given_up']).missing,
      droppedAttributes: Number(row['dropped']),
    }));
  }

  #waitingOf({ runId, instance }: RunWriter): Waiting {
    const key = `${runId} ${instance}`;
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      waiting = { runId, instance, ranges: new SequenceRanges(), dropped: [] };
      this.#waiting.set(key, waiting);
    }
    return waiting;
  }
}

function readRanges(edges: unknown, givenUp: unknown): SequenceRanges {
  return new SequenceRanges(JSON.parse(String(edges ?? '[]')) as number[], Number(givenUp ?? 0));
}
