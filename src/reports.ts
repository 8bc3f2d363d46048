/** Process warnings, each reason once: shown on stderr, seen by `process.on('warning')`, silenced by `--no-warnings`. */
export class Reports {
  readonly #seen = new Set<string>();

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
}
