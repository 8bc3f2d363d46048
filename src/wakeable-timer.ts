/** A pause that can be cut short; it does not keep the process alive unless asked to. */
export class WakeableTimer {
  #wake: (() => void) | undefined;

  /** Resolves after `delayMillis`, or when {@link wake} is called. */
  sleep(delayMillis: number, keepAlive: boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), delayMillis);
      if (!keepAlive) timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
