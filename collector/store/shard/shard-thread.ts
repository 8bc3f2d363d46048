import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ERROR_CODES, errorText, SimvueError } from 'simvue-otel/errors';
import type { FromShard, ShardCalls, ShardMethod, ShardWorkerData, ToShard } from './messages.ts';

/** What is not stored by then is replayed from the log at the next start. */
const CLOSE_DEADLINE_MS = 20_000;

interface Call {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export interface ShardListeners {
  /** {@link ShardThread.safeSequence} has risen. */
  readonly onPosition: () => void;
  /** Why the shard cannot store now; undefined = it can again. */
  readonly onDisk: (trouble: string | undefined) => void;
  readonly onFatal: (error: unknown) => void;
}

/** The main thread's end of one shard. */
export class ShardThread {
  readonly #worker: Worker;
  readonly #gauge: Float64Array;
  readonly #calls = new Map<number, Call>();
  readonly #applied: (() => void)[] = [];
  readonly #listeners: ShardListeners;
  #nextCall = 0;
  #nextSeries: number;
  #isClosed = false;
  #failure: unknown;
  /** Sequence number of the newest commit that was sent. */
  lastCommitted = 0;
  safeSequence: number;

  /** Starts the thread and opens its file. */
  static async start(path: string, listeners: ShardListeners): Promise<ShardThread> {
    const gauge = new SharedArrayBuffer(8);
    const workerData: ShardWorkerData = { path, gauge };
    const worker = new Worker(new URL('./shard-worker.js', import.meta.url), { workerData });
    const [ready] = (await once(worker, 'message').catch((error: unknown) => {
      throw fromThread(error);
    })) as [Extract<FromShard, { type: 'ready' }>];
    return new ShardThread(worker, new Float64Array(gauge), ready, listeners);
  }

  private constructor(
    worker: Worker,
    gauge: Float64Array,
    ready: Extract<FromShard, { type: 'ready' }>,
    listeners: ShardListeners,
  ) {
    this.#worker = worker;
    this.#gauge = gauge;
    this.#listeners = listeners;
    this.#nextSeries = ready.lastSeries + 1;
    this.safeSequence = ready.safeSequence;
    worker.on('message', (message: FromShard) => this.#handle(message));
    worker.on('error', (error) => this.#fail(fromThread(error)));
    worker.on('exit', (code) => {
      if (!this.#isClosed) this.#fail(new SimvueError('SIMVUE_ERR_STORE', `a store thread ended with code ${code}`));
    });
  }

  get liveBytes(): number {
    return this.#gauge[0] as number;
  }

  /** Commits that were sent and not applied yet. */
  get waitingCommits(): number {
    return this.#applied.length;
  }

  /** True when everything that was sent is in the file. */
  get isSafe(): boolean {
    return this.safeSequence > this.lastCommitted;
  }

  newSeriesId(): number {
    return this.#nextSeries++;
  }

  post(message: Exclude<ToShard, { type: 'call' | 'commit' }>): void {
    this.#worker.postMessage(message);
  }

  commit(message: Extract<ToShard, { type: 'commit' }>, applied: () => void): void {
    this.lastCommitted = message.commit.sequence;
    this.#applied.push(applied);
    this.#worker.postMessage(message);
  }

  call<M extends ShardMethod>(method: M, ...parameters: Parameters<ShardCalls[M]>): Promise<ReturnType<ShardCalls[M]>> {
    const id = this.#nextCall++;
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve: (value) => resolve(value as ReturnType<ShardCalls[M]>), reject });
      this.#worker.postMessage({ type: 'call', id, method, parameters } satisfies ToShard);
    });
  }

  /**
   * Seals and stores everything and ends the thread.
   *
   * @throws SimvueError `SIMVUE_ERR_STORE` when that takes longer than the deadline: what is missing in the file is in the log.
   */
  async close(): Promise<void> {
    if (this.#isClosed || this.#failure !== undefined) return;
    this.#isClosed = true;
    const ended = once(this.#worker, 'exit');
    const deadline = setTimeout(() => void this.#worker.terminate(), CLOSE_DEADLINE_MS);
    try {
      await Promise.race([this.call('close'), ended.then(() => Promise.reject(endedEarly()))]);
      await ended;
    } finally {
      clearTimeout(deadline);
    }
  }

  #handle(message: FromShard): void {
    switch (message.type) {
      case 'applied':
        this.#applied.shift()?.();
        return;
      case 'position':
        this.safeSequence = message.safeSequence;
        this.#listeners.onPosition();
        return;
      case 'result':
        this.#take(message.id)?.resolve(message.value);
        return;
      case 'error':
        this.#take(message.id)?.reject(new SimvueError(message.code, message.message));
        return;
      case 'disk':
        this.#listeners.onDisk(message.trouble);
        return;
      case 'ready':
        return;
    }
  }

  #take(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
    this.#listeners.onFatal(error);
  }
}

/** An error that came from the thread has lost its class, not its code. */
function fromThread(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  const known = ERROR_CODES.find((one) => one === code);
  return known === undefined ? error : new SimvueError(known, errorText(error), { cause: error });
}

function endedEarly(): SimvueError {
  return new SimvueError('SIMVUE_ERR_STORE', 'a store thread ended before everything was stored; the log has the rest');
}
