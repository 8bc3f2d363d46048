import type { LogRecord } from '@opentelemetry/api-logs';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Run } from '../run.ts';
import { logOtelRecord } from './otel-record.ts';
import type { Threshold } from './severity.ts';

/** What an SDK gives to its processors, as far as it is needed: the same in SDK 2.x and 3.x. */
export interface EmittedRecord extends Omit<LogRecord, 'timestamp'> {
  readonly hrTime: [number, number];
}

/**
 * Makes events of a run of the log records of a program's own OpenTelemetry SDK.
 *
 * The run belongs to the program: `shutdown` does not close it.
 */
export class SimvueLogRecordProcessor implements LogRecordProcessor {
  readonly #run: Run;
  readonly #threshold: Threshold;

  /** @param options - `level`: records below it are left out; default `trace`. */
  constructor(run: Run, { level = 'trace' }: { readonly level?: Threshold } = {}) {
    this.#run = run;
    this.#threshold = level;
  }

  onEmit({ hrTime, severityNumber, body, attributes, eventName }: EmittedRecord): void {
    const record = { severityNumber, body, attributes, eventName, timestamp: hrTime } as LogRecord;
    logOtelRecord(this.#run, record, this.#threshold);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
