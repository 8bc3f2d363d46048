const MESSAGES_OF_A_KIND = 10;

/** Process warnings, each reason once: shown on stderr, seen by `process.on('warning')`, silenced by `--no-warnings`. */
export class Reports {
  readonly #seen = new Set<string>();
  readonly #kinds = new Map<string, number>();

  /**
   * Reports `message` unless `reason` was reported before.
   *
   * @param reason - what is the same about all such messages.
   */
  once(reason: string, message: string): void {
    if (this.#seen.has(reason) || this.#seen.size >= 1000) return;
    this.#seen.add(reason);
    process.emitWarning(message, { type: 'SimvueWarning' });
  }

  /** Reports the first messages of a kind, each once: a program may make different mistakes, or the same with other values. */
  few(kind: string, message: string): void {
    const reason = `${kind} ${message}`;
    const reported = this.#kinds.get(kind) ?? 0;
    if (reported >= MESSAGES_OF_A_KIND || this.#seen.has(reason)) return;
    this.#kinds.set(kind, reported + 1);
    this.once(reason, message);
  }
}
