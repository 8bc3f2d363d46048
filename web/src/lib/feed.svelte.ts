import { ApiError, errorText } from './request.ts';

const LEAST_PAUSE_MILLISECONDS = 500;
const PAUSE_FACTOR = 3;
const RETRY_MILLISECONDS = 2000;

/** Data of one request, kept while a newer answer is on its way, asked again at the most twice a second. */
export class Feed<T> {
  data = $state.raw<T>();
  /** Reason of the last failure; undefined after a success. */
  error = $state.raw<string>();
  /** What it was. */
  cause = $state.raw<unknown>();
  loading = $state.raw(false);
  #load: (signal: AbortSignal) => Promise<T>;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #earliest = 0;
  #again = false;

  constructor(load: (signal: AbortSignal) => Promise<T>) {
    this.#load = load;
  }

  /** Asks for other data: drops what is on its way and starts at once; the former data stays until then. */
  restart(load?: (signal: AbortSignal) => Promise<T>): void {
    if (load) this.#load = load;
    this.close();
    void this.#fetch();
  }

  /** The data may have changed: asks again, soon. */
  refresh(): void {
    if (this.#abort) this.#again = true;
    else this.#timer ??= setTimeout(() => void this.#fetch(), Math.max(0, this.#earliest - performance.now()));
  }

  close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.loading = false;
  }

  async #fetch(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const abort = new AbortController();
    this.#abort = abort;
    this.loading = true;
    const begun = performance.now();
    try {
      const data = await this.#load(abort.signal);
      if (abort.signal.aborted) return;
      this.data = data;
      this.error = undefined;
      this.cause = undefined;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.error = errorText(error);
      this.cause = error;
      // It is gone, or no longer for this reader.
      if (error instanceof ApiError && (error.status === 403 || error.status === 404)) this.data = undefined;
      // Former data stays on the page, so nobody would press "Try again" for it; a wrong question stays wrong.
      const isWrong = error instanceof ApiError && error.status >= 400 && error.status < 500;
      if (this.data !== undefined && !isWrong) this.#timer = setTimeout(() => void this.#fetch(), RETRY_MILLISECONDS);
    }
    const ended = performance.now();
    this.#earliest = Math.max(begun + LEAST_PAUSE_MILLISECONDS, ended + PAUSE_FACTOR * (ended - begun));
    this.#abort = undefined;
    this.loading = false;
    if (this.#again) {
      this.#again = false;
      this.refresh();
    }
  }
}
