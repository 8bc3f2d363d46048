import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteBudget } from '../byte-budget.ts';
import type { FrameLog, LogName } from '../frame-log.ts';
import type { FrameStore } from '../frame-store.ts';
import { MemoryLog } from '../memory-log.ts';
import { makePrivateDirectory } from '../private-directory.ts';
import type { Rejected } from '../rejected-frames.ts';
import type { Reports } from '../reports.ts';
import { DiskReserve } from './disk-reserve.ts';
import { reportErrors } from './journal-errors.ts';
import { encodeHeader, type JournalHeader } from './journal-header.ts';
import { JournalLog } from './journal-log.ts';
import { isOnNetwork } from './network-file-system.ts';
import { OverflowLog } from './overflow-log.ts';
import { RejectedFiles } from './rejected-files.ts';
import { ENDED, listArtifacts } from './segment-files.ts';
import { DirectOutput, type OnWritten, type SegmentOutput } from './segment-output.ts';
import { SenderLock } from './sender-lock.ts';
import { spoolBytes } from './spool.ts';
import { WriteBehindOutput } from './write-behind-output.ts';

export interface JournalOptions {
  readonly spoolDirectory: string;
  /** Most bytes that all journals of the directory may take together. */
  readonly maxBytes: number;
  /** Names the journal: unique for each writer. */
  readonly instanceId: string;
  readonly header: JournalHeader;
  /** Whether this process sends the journal itself; what the disk does not take then waits in memory. */
  readonly sends: boolean;
  readonly memoryLimitBytes: number;
  readonly reports: Reports;
}

/** The unsent data of one writer in a directory of its own; it outlives the process. */
export class Journal implements FrameStore {
  readonly logs: Readonly<Record<LogName, FrameLog>>;
  readonly outlivesProcess = true;
  readonly directory: string;
  readonly fullMessage: string;
  readonly #disk: Readonly<Record<LogName, JournalLog>>;
  readonly #reports: Reports;
  readonly #rejected: RejectedFiles;
  readonly #lock: SenderLock | undefined;
  readonly #reserve: DiskReserve;
  readonly #onError: (error: Error) => void;
  #onPending: (signal: LogName) => void = () => undefined;

  /** @throws what the file system says when the directory cannot be made. */
  constructor(options: JournalOptions) {
    const { spoolDirectory, maxBytes, instanceId, header, sends, reports } = options;
    this.#onError = reportErrors(reports);
    makePrivateDirectory(spoolDirectory);
    const budget = new ByteBudget(Math.max(0, maxBytes - spoolBytes(spoolDirectory)));
    this.directory = join(spoolDirectory, instanceId);
    mkdirSync(this.directory, { mode: 0o700 });
    this.#lock = sends ? SenderLock.take(this.directory, this.#onError) : undefined;
    this.#reserve = new DiskReserve(this.directory, this.#onError);
    this.#reports = reports;
    this.#rejected = new RejectedFiles(join(spoolDirectory, 'rejected'), instanceId);
    this.fullMessage = `Data is dropped: ${spoolDirectory} is full or holds spoolMaxBytes (${maxBytes}).`;
    const isRemote = isOnNetwork(this.directory);
    if (isRemote) {
      reports.once('network', `${spoolDirectory} is on a network file system: SIGKILL may lose the last 50 ms.`);
    }
    const encodedHeader = encodeHeader(header);
    const log = (signal: LogName) =>
      new JournalLog({
        directory: this.directory,
        signal,
        header: encodedHeader,
        budget,
        output: (onWritten) => (isRemote ? this.#writeBehind(signal, onWritten) : new DirectOutput(onWritten)),
        onError: this.#onError,
      });
    // In this order they are flushed: first what says how the run has ended.
    this.#disk = { logs: log('logs'), metrics: log('metrics'), grids: log('grids') };
    const memory = new ByteBudget(options.memoryLimitBytes);
    const overflow = (signal: LogName) =>
      sends ? new OverflowLog(this.#disk[signal], new MemoryLog(memory)) : this.#disk[signal];
    this.logs = { metrics: overflow('metrics'), logs: overflow('logs'), grids: overflow('grids') };
  }

  listen(onPending: (signal: LogName) => void): void {
    this.#onPending = onPending;
  }

  async flush(): Promise<void> {
    await Promise.all(Object.values(this.#disk).map((log) => log.flush()));
  }

  flushSync(): void {
    for (const log of Object.values(this.#disk)) log.flushSync();
  }

  releaseReserve(): void {
    try {
      this.#reserve.release();
    } catch (error) {
      this.#onError(error as Error);
    }
  }

  keep(rejected: Rejected): void {
    this.#rejected.add(rejected, this.#onError);
  }

  /** Marks the journal as ended, so that whoever sends it may remove it; removes it when nothing is left. */
  close(): void {
    const isDrained = this.#isDrained();
    this.#reportLost();
    try {
      for (const log of Object.values(this.#disk)) log.close();
      this.#lock?.release();
      if (isDrained) rmSync(this.directory, { recursive: true, force: true });
      else writeFileSync(join(this.directory, ENDED), '', { mode: 0o600 });
    } catch (error) {
      this.#onError(error as Error);
    }
  }

  #isDrained(): boolean {
    const hasData = Object.values(this.logs).some(({ waitingItems }) => waitingItems > 0);
    return this.#lock !== undefined && !hasData && listArtifacts(this.directory).length === 0;
  }

  #reportLost(): void {
    const waiting = (logs: Readonly<Record<LogName, FrameLog>>) =>
      Object.values(logs).reduce((sum, { waitingItems }) => sum + waitingItems, 0);
    const lost = waiting(this.logs) - waiting(this.#disk);
    if (lost > 0) this.#reports.once('lost', `${lost} points and events that the disk did not take are lost.`);
  }

  #writeBehind(signal: LogName, onWritten: OnWritten): SegmentOutput {
    const written: OnWritten = (frames, items) => {
      onWritten(frames, items);
      this.#onPending(signal);
    };
    return new WriteBehindOutput(written, this.#onError);
  }
}
