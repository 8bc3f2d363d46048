import type { AttributeMap } from './attributes.ts';
import type { GridAssignment, GridPoint } from './grids/grid-frames.ts';
import type { NumberGrid } from './grids/number-grid.ts';
import type { LogRecord } from './log-record.ts';
import type { Rejected } from './rejected-frames.ts';

/** What became of the data of a run. */
export interface SinkCounters {
  /** Acknowledged data points and log records. */
  deliveredItems: number;
  /** Not taken because the room for unsent data was full. */
  droppedItems: number;
  /** Refused by the server. */
  rejectedItems: number;
}

/** The way of data points and log records out of the process. */
export interface TelemetrySink {
  readonly counters: Readonly<SinkCounters>;
  readonly rejected: readonly Rejected[];
  readonly pendingPoints: number;
  readonly pendingRecords: number;
  /**
   * Takes the values of one call; all share time, step, run time and attributes.
   *
   * @returns number of values taken; those that are not are counted as dropped.
   */
  writePoints(
    names: readonly string[],
    values: readonly (number | bigint)[],
    timeUnixNano: bigint,
    step: number | undefined,
    runTimeSeconds: number | undefined,
    attributes?: AttributeMap,
  ): number;
  /** Sets the unit (UCUM) that goes with the later values of a metric. */
  setUnit(name: string, unit: string): void;
  /** Takes one record; control changes may use the reserve of a full memory. */
  writeRecord(record: LogRecord, control: boolean): boolean;
  /** Gives a metric whose values are arrays its grid. */
  assignGrid(assignment: GridAssignment): boolean;
  /** Takes an array of numbers. */
  writeGrid(point: GridPoint, values: NumberGrid): boolean;
  /** @returns true when everything is delivered or refused, false when `timeoutMillis` passed first. */
  flush(timeoutMillis: number): Promise<boolean>;
  /** Ends what sends; {@link close} or, with what is recorded until then, {@link deliverAtExit} follows. */
  stopSending(): Promise<void>;
  /** Delivers what is pending while the process ends and no event loop runs any more; the sink is not used afterwards. */
  deliverAtExit(timeoutMillis: number): void;
  /** The sink is not used afterwards. */
  close(): void;
}
