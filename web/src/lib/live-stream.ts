import type { LiveChange, LiveHello } from '../../../collector/api/contract/live.ts';
import { backOffSeconds } from './back-off.ts';
import { createEventStreamParser } from './sse.ts';
import { parseTimestamp } from './time.ts';

const SILENCE_MILLISECONDS = 40_000;

export type Change = LiveChange['runs'][number];

/** How the stream is; times are milliseconds since the epoch. */
export interface LiveStatus {
  /** `locked`: nobody has signed in, or no longer. */
  readonly state: 'connecting' | 'live' | 'offline' | 'locked';
  readonly version: string;
  /** How far the collector's clock is ahead of this computer's. */
  readonly skewSeconds: number;
  readonly lastSign: number;
  readonly nextTry: number;
}

/** What a stream tells; `everything` after each connect, since changes were missed. */
export type LiveMessage = { readonly status: LiveStatus } | { readonly changes: readonly Change[] | 'everything' };

/** Keeps one stream of changes open for as long as it is wanted. */
export class LiveStream {
  readonly #connect: (signal: AbortSignal) => Promise<Response>;
  readonly #tell: (message: LiveMessage) => void;
  #status: LiveStatus = { state: 'connecting', version: '', skewSeconds: 0, lastSign: Date.now(), nextTry: 0 };
  #isWanted = true;
  #attempt = 0;
  #abort = new AbortController();
  #wake: (() => void) | undefined;

  /** @param connect - opens `GET /api/live`. */
  constructor(connect: (signal: AbortSignal) => Promise<Response>, tell: (message: LiveMessage) => void) {
    this.#connect = connect;
    this.#tell = tell;
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** Connects now instead of at the next attempt. */
  retry(): void {
    this.#attempt = 0;
    this.#wake?.();
  }

  /** Opens a new stream, as who has signed in now. */
  restart(): void {
    this.#abort.abort();
    this.retry();
  }

  /** Closes the stream while nobody looks, and opens it when somebody does. */
  want(isWanted: boolean): void {
    if (this.#isWanted === isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) this.retry();
    else this.#abort.abort();
  }

  /** Streams, and connects again after each end. */
  async run(): Promise<never> {
    for (;;) {
      const status = this.#isWanted ? await this.#stream() : 0;
      if (status === 401) this.#set({ state: 'locked' });
      else if (this.#isWanted && this.#attempt > 0) this.#set({ state: 'offline' });
      const isIdle = !this.#isWanted || status === 401;
      await this.#pause(isIdle ? undefined : 1000 * backOffSeconds(this.#attempt++, Math.random()));
      if (this.#status.state === 'locked') this.#set({ state: 'connecting' });
    }
  }

  /** @param milliseconds - absent = until somebody asks. */
  async #pause(milliseconds: number | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      if (milliseconds !== undefined) this.#set({ nextTry: Date.now() + milliseconds });
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  /** @returns status of the answer, 0 when there was none. */
  async #stream(): Promise<number> {
    const abort = new AbortController();
    this.#abort = abort;
    let silence = setTimeout(() => abort.abort(), SILENCE_MILLISECONDS);
    let status = 0;
    try {
      const response = await this.#connect(abort.signal);
      status = response.status;
      if (!response.ok || !response.body) return status;
      const parse = createEventStreamParser();
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MILLISECONDS);
        this.#set({ lastSign: Date.now() });
        for (const { event, data } of parse(decoder.decode(read.value, { stream: true }))) this.#take(event, data);
      }
    } catch (error) {
      // Expected whenever the collector stops or the stream falls silent: the loop tries again and the page says so.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    } finally {
      clearTimeout(silence);
    }
    return status;
  }

  #take(event: string, data: string): void {
    if (event === 'hello') {
      const hello = JSON.parse(data) as LiveHello;
      this.#attempt = 0;
      this.#set({
        state: 'live',
        version: hello.version,
        skewSeconds: parseTimestamp(hello.server_time) - Date.now() / 1000,
      });
      this.#tell({ changes: 'everything' });
    } else if (event === 'change') {
      const change = JSON.parse(data) as LiveChange;
      this.#tell({ changes: change.all ? 'everything' : change.runs });
    }
  }

  #set(change: Partial<LiveStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#tell({ status: this.#status });
  }
}
