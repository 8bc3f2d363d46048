import { Refusals } from '../pipeline/telemetry-batch.ts';

/** What an exporter tells about itself; counters since the start of the process. */
export class ExportHealth {
  sentItems = 0;
  /** Records of the ingest log that found no room in the queue. */
  droppedRecords = 0;
  /** Failures since the last answer; 0 = the target takes what is sent. */
  failures = 0;
  /** Points, events and runs that the target or this exporter has no place for, by reason. */
  readonly refusals = new Refusals();
  readonly #tell: (level: 'info' | 'warn', message: string) => void;
  readonly #told = new Set<string>();

  constructor(tell: (level: 'info' | 'warn', message: string) => void) {
    this.#tell = tell;
  }

  answered(): void {
    if (this.failures > 0) this.#tell('info', 'the target answers again');
    this.failures = 0;
  }

  failed(message: string): void {
    if (this.failures++ === 0) this.#tell('warn', `${message}; what is received waits in the ingest log`);
  }

  /** @param reason - one of few. */
  refuse(reason: string, items: number, message = reason): void {
    this.refusals.add(reason, items);
    this.warnOnce(reason, message);
  }

  drop(records: number): void {
    this.droppedRecords += records;
    this.warnOnce('queue', 'the queue is full: the oldest records are not forwarded');
  }

  warnOnce(topic: string, message: string): void {
    if (this.#told.has(topic)) return;
    this.#told.add(topic);
    this.#tell('warn', message);
  }
}
