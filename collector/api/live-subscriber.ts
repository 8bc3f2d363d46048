import type { LiveChange, LiveHello } from './contract/live.ts';

type RunChanges = LiveChange['runs'][number];

/** Time between two changes to one reader: four a second. */
const INTERVAL_MILLISECONDS = 250;
/** Runs in one change; of more, the reader is told that everything changed. */
const MAX_RUNS = 1000;

/** What the connection tells about its reader. */
export interface LiveSubscription {
  /** The reader has taken all that was written. */
  drained(): void;
  /** The reader is gone, or shall go. */
  end(): void;
}

/** Where the events of one reader go. */
export interface LiveSink {
  /** @returns false when the reader is behind: nothing more is written until {@link LiveSubscription.drained} is called. */
  write(text: string): boolean;
  /** Ends the stream once what was written is taken. */
  end(): void;
  /** Ends the stream at once. */
  abort(): void;
}

interface Listener {
  sent(): void;
  ended(subscriber: LiveSubscriber): void;
}

/** One reader of the live stream: merges what changes while it is behind or was told less than 250 ms ago. */
export class LiveSubscriber implements LiveSubscription {
  readonly #sink: LiveSink;
  readonly #wanted: ReadonlySet<string>;
  readonly #mayRead: (runId: string) => boolean;
  readonly #listener: Listener;
  readonly #pending = new Map<string, RunChanges>();
  #all = false;
  #timer: NodeJS.Timeout | undefined;
  #nextAt = 0;
  #blockedAt: number | undefined;
  #ended = false;

  /** @param mayRead - whether the reader may hear of a run. */
  constructor(sink: LiveSink, runIds: readonly string[], mayRead: (runId: string) => boolean, listener: Listener) {
    this.#mayRead = mayRead;
    this.#sink = sink;
    this.#wanted = new Set(runIds);
    this.#listener = listener;
  }

  /** Milliseconds for which the reader has taken nothing of what waits for it. */
  get stuckMilliseconds(): number {
    return this.#blockedAt === undefined ? 0 : Date.now() - this.#blockedAt;
  }

  greet(hello: LiveHello): void {
    this.#write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
  }

  keepAlive(): void {
    if (this.#blockedAt === undefined) this.#write(': keep-alive\n\n');
  }

  add(change: RunChanges): void {
    if (this.#ended || (this.#wanted.size > 0 && !this.#wanted.has(change.id)) || !this.#mayRead(change.id)) return;
    const known = this.#pending.get(change.id);
    if (known !== undefined) this.#pending.set(change.id, merge(known, change));
    else if (this.#pending.size < MAX_RUNS) this.#pending.set(change.id, change);
    else this.#all = true;
    this.#schedule();
  }

  drained(): void {
    this.#blockedAt = undefined;
    if (this.#pending.size > 0) this.#schedule();
  }

  end(): void {
    if (this.#stop()) this.#sink.end();
  }

  abort(): void {
    if (this.#stop()) this.#sink.abort();
  }

  /** @returns false when it has stopped before. */
  #stop(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#pending.clear();
    this.#listener.ended(this);
    return true;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#blockedAt !== undefined || this.#ended) return;
    const wait = Math.max(0, this.#nextAt - Date.now());
    this.#timer = setTimeout(() => this.#flush(), wait).unref();
  }

  #flush(): void {
    this.#timer = undefined;
    this.#nextAt = Date.now() + INTERVAL_MILLISECONDS;
    const change: LiveChange = { all: this.#all, runs: [...this.#pending.values()] };
    this.#pending.clear();
    this.#all = false;
    this.#listener.sent();
    this.#write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  }

  #write(text: string): void {
    if (!this.#sink.write(text)) this.#blockedAt = Date.now();
  }
}

function merge(a: RunChanges, b: RunChanges): RunChanges {
  return {
    id: a.id,
    points: a.points + b.points,
    events: a.events + b.events,
    state: a.state || b.state,
    deleted: a.deleted || b.deleted,
  };
}
