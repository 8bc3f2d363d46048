import type { TelemetrySink } from './telemetry-sink.ts';

/** The way nowhere, for runs with the mode `disabled`: everything is taken, nothing is kept. */
export class DisabledSink implements TelemetrySink {
  readonly counters = { deliveredItems: 0, droppedItems: 0, rejectedItems: 0 };
  readonly rejected = [];
  readonly pendingPoints = 0;
  readonly pendingRecords = 0;

  writePoints(names: readonly string[]): number {
    return names.length;
  }

  setUnit(): void {
    return;
  }

  writeRecord(): boolean {
    return true;
  }

  assignGrid(): boolean {
    return true;
  }

  writeGrid(): boolean {
    return true;
  }

  flush(): Promise<boolean> {
    return Promise.resolve(true);
  }

  deliverAtExit(): void {
    return;
  }

  stopSending(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    return;
  }
}
