import { ByteBudget } from './byte-budget.ts';
import type { FrameLog, LogName } from './frame-log.ts';
import { MemoryLog } from './memory-log.ts';
import type { Rejected } from './rejected-frames.ts';

/** The unsent data of one writer: its logs, in memory or on disk. */
export interface FrameStore {
  readonly logs: Readonly<Record<LogName, FrameLog>>;
  /** Whether what is not sent is there for the next process. */
  readonly outlivesProcess: boolean;
  /** What to say when data is dropped. */
  readonly fullMessage: string;
  /** Names a listener for frames that became pending after their append had returned. */
  listen(onPending: (signal: LogName) => void): void;
  /** Resolves when everything appended is pending. */
  flush(): Promise<void>;
  /** Everything appended is pending when it returns. */
  flushSync(): void;
  /** Called before the end of a run is appended: what was kept for it may be used. */
  releaseReserve(): void;
  /** Keeps what the server refused for the user to look at. */
  keep(rejected: Rejected): void;
  /** Ends the use of the store; what is not released stays if it can. */
  close(): void;
}

/** Unsent data that does not outlive the process. */
export function memoryStore(limitBytes: number): FrameStore {
  const budget = new ByteBudget(limitBytes);
  return {
    logs: {
      metrics: new MemoryLog(budget),
      logs: new MemoryLog(budget),
      grids: new MemoryLog(budget),
    },
    outlivesProcess: false,
    fullMessage: `Data is dropped: the ${limitBytes} bytes for unsent data are full.`,
    listen: () => undefined,
    flush: () => Promise.resolve(),
    flushSync: () => undefined,
    releaseReserve: () => undefined,
    keep: () => undefined,
    close: () => undefined,
  };
}
