const INTERVAL_MILLIS = 10_000;

/** What the server says about the end that somebody, or an alert, wants for a run. */
export interface AbortState {
  readonly status: boolean;
  readonly reason?: string | null;
}

/** Asks again and again whether a run is to be aborted, until it is. */
export class AbortWatch {
  readonly #ask: () => Promise<AbortState>;
  readonly #onAbort: (reason: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param ask - may fail: it is asked again. */
  constructor(ask: () => Promise<AbortState>, onAbort: (reason: string) => void, intervalMillis = INTERVAL_MILLIS) {
    this.#ask = ask;
    this.#onAbort = onAbort;
    this.#wait(intervalMillis);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #wait(intervalMillis: number): void {
    const again = () => {
      if (!this.#isStopped) this.#wait(intervalMillis);
    };
    this.#timer = setTimeout(() => void this.#look().then(again, again), intervalMillis).unref();
  }

  async #look(): Promise<void> {
    const { status, reason } = await this.#ask();
    if (!status || this.#isStopped) return;
    this.stop();
    this.#onAbort(reason ?? 'aborted');
  }
}
