import { setClockSkew } from './clock.svelte.ts';
import { connectLive, type LiveAsk, shareLive } from './live-share.ts';
import type { Change, LiveMessage, LiveStatus } from './live-stream.ts';
import { session } from './session.svelte.ts';

type Changes = readonly Change[] | 'everything';
type Listener = (changes: Changes) => void;

/** The live stream as this tab sees it; the tabs of a browser share one. `everything` is reported when changes were missed. */
class Live {
  state = $state.raw<Exclude<LiveStatus['state'], 'locked'>>('connecting');
  version = $state.raw('');
  /** Milliseconds since the epoch of the last sign from the collector. */
  lastSign = $state.raw(Date.now());
  /** When the next attempt starts, milliseconds since the epoch. */
  nextTry = $state.raw(0);
  readonly #listeners = new Set<Listener>();
  #ask: (ask: LiveAsk) => void = () => undefined;
  #hasMissed = false;

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects now instead of at the next attempt. */
  retry(): void {
    this.#ask('retry');
  }

  /** Opens a new stream, as who has signed in now. */
  restart(): void {
    this.#ask('restart');
  }

  /** Joins the stream of this browser, or has one of its own where tabs cannot share. */
  start(): void {
    const alone = () => {
      this.#ask = shareLive(connectLive)((message) => this.#take(message));
    };
    if ('SharedWorker' in globalThis) {
      const worker = new SharedWorker(new URL('../workers/live.ts', import.meta.url), { type: 'module' });
      worker.onerror = alone;
      worker.port.onmessage = ({ data }: MessageEvent<LiveMessage>) => this.#take(data);
      this.#ask = (ask) => worker.port.postMessage(ask);
    } else alone();
    const look = () => {
      this.#ask(document.hidden ? 'hidden' : 'visible');
      if (!document.hidden && this.#hasMissed) this.#tell('everything');
    };
    look();
    document.addEventListener('visibilitychange', look);
    addEventListener('pageshow', look);
    addEventListener('pagehide', () => this.#ask('leave'));
  }

  #take(message: LiveMessage): void {
    if ('changes' in message) {
      this.#tell(message.changes);
      return;
    }
    const { state, version, skewSeconds, lastSign, nextTry } = message.status;
    if (state === 'locked') session.lockOut();
    this.state = state === 'locked' ? 'connecting' : state;
    this.version = version;
    this.lastSign = lastSign;
    this.nextTry = nextTry;
    setClockSkew(skewSeconds);
  }

  /** A hidden tab asks for nothing; it does so once, when it is seen again. */
  #tell(changes: Changes): void {
    const all = this.#hasMissed ? 'everything' : changes;
    this.#hasMissed = document.hidden;
    if (document.hidden) return;
    for (const listener of this.#listeners) listener(all);
  }
}

export const live = new Live();
