import type { LiveChange, LiveHello } from '../../../collector/api/contract/live.ts';
import { backOffSeconds } from './back-off.ts';
import { setServerTime } from './clock.svelte.ts';
import { session } from './session.svelte.ts';
import { createEventStreamParser } from './sse.ts';
import { parseTimestamp } from './time.ts';

const SILENCE_MILLISECONDS = 40_000;
const HIDDEN_MILLISECONDS = 30_000;
export type Change = LiveChange['runs'][number];
type Listener = (changes: readonly Change[] | 'everything') => void;

/** State of the one live stream of this page. `everything` is reported after a reconnect: changes were missed. */
class Live {
  state = $state.raw<'connecting' | 'live' | 'offline'>('connecting');
  version = $state.raw('');
  /** Milliseconds since the epoch of the last sign from the collector. */
  lastSign = $state.raw(Date.now());
  /** When the next attempt starts, milliseconds since the epoch. */
  nextTry = $state.raw(0);
  #listeners = new Set<Listener>();
  #attempt = 0;
  #abort = new AbortController();
  #wake: (() => void) | undefined;
  #hello = false;

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects now instead of at the next attempt. */
  retry(): void {
    this.#attempt = 0;
    this.#wake?.();
  }

  /** Opens a new stream, as who has signed in now. */
  restart(): void {
    this.#abort.abort();
  }

  /** Keeps the stream open until the page goes away; a page hidden for long gives its connection back. */
  async run(): Promise<never> {
    let hiding: ReturnType<typeof setTimeout> | undefined;
    document.addEventListener('visibilitychange', () => {
      clearTimeout(hiding);
      if (document.hidden) hiding = setTimeout(() => this.#abort.abort(), HIDDEN_MILLISECONDS);
      else this.retry();
    });
    for (;;) {
      await this.#stream();
      this.#hello = false;
      const idle = document.hidden || session.isLockedOut;
      const waitSeconds = idle ? 3600 : backOffSeconds(this.#attempt, Math.random());
      if (session.isLockedOut) this.state = 'connecting';
      else if (!idle && this.#attempt > 0) this.state = 'offline';
      this.#attempt += 1;
      await this.#pause(waitSeconds * 1000);
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    this.nextTry = Date.now() + milliseconds;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  async #stream(): Promise<void> {
    this.#abort = new AbortController();
    let silence = setTimeout(() => this.#abort.abort(), SILENCE_MILLISECONDS);
    try {
      const response = await fetch('/api/live', {
        signal: this.#abort.signal,
        headers: { accept: 'text/event-stream' },
      });
      if (response.status === 401) session.lockOut();
      if (!response.ok || !response.body) return;
      const parse = createEventStreamParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => this.#abort.abort(), SILENCE_MILLISECONDS);
        this.lastSign = Date.now();
        for (const { event, data } of parse(read.value)) this.#take(event, data);
      }
    } catch (error) {
      // Expected whenever the collector stops or the stream falls silent: the loop tries again and the page says so.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    } finally {
      clearTimeout(silence);
    }
  }

  #take(event: string, data: string): void {
    if (event === 'hello') {
      const hello = JSON.parse(data) as LiveHello;
      setServerTime(parseTimestamp(hello.server_time));
      this.version = hello.version;
      this.state = 'live';
      this.#attempt = 0;
      if (!this.#hello) this.#tell('everything');
      this.#hello = true;
    } else if (event === 'change') {
      const change = JSON.parse(data) as LiveChange;
      this.#tell(change.all ? 'everything' : change.runs);
    }
  }

  #tell(changes: readonly Change[] | 'everything'): void {
    for (const listener of this.#listeners) listener(changes);
  }
}

export const live = new Live();
