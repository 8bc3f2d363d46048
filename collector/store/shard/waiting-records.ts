import type { RunSpans } from '../span-store.ts';
import type { RunEvents, ShardCommit } from '../telemetry-store.ts';
import type { EventTable } from './event-table.ts';
import type { RunTable } from './run-table.ts';
import type { SpanTable } from './span-table.ts';

/** Of an event or a span in memory, beside its texts. */
const RECORD_BYTES = 200;

interface StoredRecords {
  events: number;
  duplicateEvents: number;
  spans: number;
  duplicateSpans: number;
}

/** Counters since the start of the shard. */
interface RecordStatistics extends StoredRecords {
  /** Records of a run that was deleted while they were on their way. */
  deleted: number;
}

/** Events and spans between their commit and the transaction that stores them. */
export class WaitingRecords {
  readonly #runs: RunTable;
  readonly #eventTable: EventTable;
  readonly #spanTable: SpanTable;
  #events: RunEvents[] = [];
  #spans: RunSpans[] = [];
  /** Bytes of memory, roughly. */
  sizeBytes = 0;
  readonly statistics: RecordStatistics = { events: 0, duplicateEvents: 0, spans: 0, duplicateSpans: 0, deleted: 0 };

  constructor(runs: RunTable, eventTable: EventTable, spanTable: SpanTable) {
    this.#runs = runs;
    this.#eventTable = eventTable;
    this.#spanTable = spanTable;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0 && this.#spans.length === 0;
  }

  add({ events, spans }: Pick<ShardCommit, 'events' | 'spans'>, isDeleted: (runId: string) => boolean): void {
    for (const one of events) {
      if (isDeleted(one.runId)) {
        this.statistics.deleted += one.records.length;
        continue;
      }
      this.#events.push(one);
      for (const { body } of one.records) this.sizeBytes += RECORD_BYTES + 2 * body.length;
    }
    for (const one of spans) {
      if (isDeleted(one.runId)) {
        this.statistics.deleted += one.spans.length;
        continue;
      }
      this.#spans.push(one);
      this.sizeBytes += 2 * (RECORD_BYTES * one.spans.length + one.textBytes);
    }
  }

  /** Writes everything; belongs in a transaction. @returns what to give to {@link clear} when that is through. */
  store(): StoredRecords {
    const stored = { events: 0, duplicateEvents: 0, spans: 0, duplicateSpans: 0 };
    for (const one of this.#events) {
      const duplicates = this.#eventTable.insert(this.#runs.run(one.runId), one);
      stored.duplicateEvents += duplicates;
      stored.events += one.records.length - duplicates;
    }
    for (const one of this.#spans) {
      const duplicates = this.#spanTable.insert(this.#runs.run(one.runId), one);
      stored.duplicateSpans += duplicates;
      stored.spans += one.spans.length - duplicates;
    }
    return stored;
  }

  /** After the transaction. */
  clear({ events, duplicateEvents, spans, duplicateSpans }: StoredRecords): void {
    const { statistics } = this;
    statistics.events += events;
    statistics.duplicateEvents += duplicateEvents;
    statistics.spans += spans;
    statistics.duplicateSpans += duplicateSpans;
    this.#events = [];
    this.#spans = [];
    this.sizeBytes = 0;
  }
}
