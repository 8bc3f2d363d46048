import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameSource, LogName } from '../frame-log.ts';
import { LogSenders } from '../log-senders.ts';
import { unlessMissing } from '../missing-file.ts';
import { otlpOutlet, simvueOutlet } from '../outlet.ts';
import type { SinkCounters } from '../telemetry-sink.ts';
import { type ArtifactDrainOptions, type DrainedArtifacts, drainArtifacts } from './drain-artifacts.ts';
import { reportErrors } from './journal-errors.ts';
import { type JournalHeader, targetOf } from './journal-header.ts';
import { hasEnded, isAbandoned, readHeader } from './journal-state.ts';
import { ProgressFile } from './progress-file.ts';
import { RejectedFiles } from './rejected-files.ts';
import { progressPath } from './segment-files.ts';
import { SegmentReader } from './segment-reader.ts';
import { SenderLock } from './sender-lock.ts';

/** Sending goes on as long as something is delivered within this time. */
const ROUND_MILLIS = 10_000;
/** What became of a journal: `busy` = another process sends it, `elsewhere` = it belongs to another address. */
export type DrainOutcome = 'sent' | 'left' | 'busy' | 'elsewhere' | 'empty';

export interface Drained {
  readonly artifacts: DrainedArtifacts;
  readonly outcome: DrainOutcome;
  readonly header: JournalHeader | undefined;
  readonly counters: SinkCounters;
}

export interface DrainOptions extends ArtifactDrainOptions {
  /** Whether journals that were written offline, and belong to no address, are sent too. */
  readonly offline: boolean;
}

/** Sends what a journal holds now, and removes it when its writer has ended and nothing is left. */
export async function drainJournal(directory: string, options: DrainOptions): Promise<Drained> {
  const counters: SinkCounters = { deliveredItems: 0, droppedItems: 0, rejectedItems: 0 };
  const header = unlessMissing(() => readHeader(directory));
  const nothing = { header, counters, artifacts: { stored: 0, refused: 0, left: 0 } };
  if (header === undefined) {
    if (isAbandoned(directory)) rmSync(directory, { recursive: true, force: true });
    return { ...nothing, outcome: 'empty' };
  }
  if (!belongsTo(header, options)) return { ...nothing, outcome: 'elsewhere' };
  const lock = unlessMissing(() => SenderLock.take(directory, reportErrors(options.reports)));
  if (lock === undefined) return { ...nothing, outcome: 'busy' };
  try {
    const ended = hasEnded(directory, header);
    if (!(await send(directory, header, options, counters))) return { ...nothing, outcome: 'left' };
    const artifacts = await drainArtifacts(directory, header, options);
    if (artifacts.left > 0) return { header, counters, artifacts, outcome: 'left' };
    if (ended) rmSync(directory, { recursive: true, force: true });
    return { header, counters, artifacts, outcome: 'sent' };
  } finally {
    lock.release();
  }
}

function belongsTo({ target }: JournalHeader, { endpoints, offline }: DrainOptions): boolean {
  if (target === undefined) return offline;
  const here = targetOf(endpoints, target.transport);
  return target.metrics === here.metrics && target.logs === here.logs;
}

async function send(
  directory: string,
  header: JournalHeader,
  { endpoints, reports, signal: abort }: DrainOptions,
  counters: SinkCounters,
): Promise<boolean> {
  const rejected = new RejectedFiles(join(directory, '..', 'rejected'), `${header.writer.pid}-${Date.now()}`);
  const onError = reportErrors(reports);
  const open = (log: LogName) =>
    new SegmentReader(directory, log, new ProgressFile(progressPath(directory, log), onError));
  const readers = { logs: open('logs'), metrics: open('metrics'), grids: open('grids') };
  const sources = {
    logs: pendingOf(readers.logs),
    metrics: pendingOf(readers.metrics),
    grids: pendingOf(readers.grids),
  };
  const senders = new LogSenders({
    outlet:
      header.target?.transport === 'simvue'
        ? simvueOutlet(endpoints.control, header.head, BigInt(header.startUnixNano ?? 0))
        : otlpOutlet(endpoints, header.runId),
    sources,
    head: header.head,
    counters,
    reports,
    onDelivered: () => undefined,
    onRejected: (frame) => rejected.add(frame, onError),
  });
  const stop = () => senders.shutdown();
  abort.addEventListener('abort', stop);
  try {
    for (;;) {
      const before = counters.deliveredItems + counters.rejectedItems;
      if (await senders.flush(ROUND_MILLIS)) return true;
      if (abort.aborted || counters.deliveredItems + counters.rejectedItems === before) return false;
    }
  } finally {
    abort.removeEventListener('abort', stop);
    await stop();
    for (const reader of Object.values(readers)) reader.close();
  }
}

/** Frames are counted by looking, as their writer may go on. */
function pendingOf(reader: SegmentReader): FrameSource {
  return {
    get pendingFrames() {
      return reader.range({})?.frames ?? 0;
    },
    get pendingItems() {
      return reader.range({})?.items ?? 0;
    },
    range: (limit, start) => reader.range(limit, start),
    copyPayloads: (range, target, offset) => reader.copyPayloads(range, target, offset),
    release: (range) => reader.release(range),
  };
}
