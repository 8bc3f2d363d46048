const INTERVAL_MILLIS = 10_000;
/** A large program may have much to save. */
const SAVE_MILLIS = 300_000;

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

/**
 * Tells the program that its run is to be aborted, so that it can save its work; waits for it five minutes at most.
 *
 * @throws what `onAbort` throws, or that it takes longer.
 */
export async function tellProgram(
  onAbort: ((reason: string) => Promise<void> | void) | undefined,
  reason: string,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it was not done after five minutes')), SAVE_MILLIS).unref();
  });
  try {
    await Promise.race([onAbort?.(reason), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
