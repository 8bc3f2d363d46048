/** A running run that can be lost; the rest is not watched. Times are milliseconds of the wall clock. */
export interface WatchedRun {
  readonly runId: string;
  readonly timeoutSeconds: number;
}

interface Watch {
  timeoutMs: number;
  /** When the last sign of life was received; moved on by the time in which nobody could have received one. */
  receivedAt: number;
}

/**
 * Which running runs have shown no sign of life for their time-out, by the time of receipt.
 *
 * Time in which the collector did not run counts for nobody: a tick that comes much later than it should (a stopped process, a sleeping
 * laptop) moves every deadline on.
 */
export class RunLiveness {
  readonly #watches = new Map<string, Watch>();
  readonly #tickMs: number;
  #tickedAt: number;

  constructor(tickMs: number, now: number) {
    this.#tickMs = tickMs;
    this.#tickedAt = now;
  }

  /**
   * Takes a run over from an earlier collector, which was last alive at `aliveAt`: the silence until then counts, the downtime does not.
   * At the least half of the time-out is left, for senders that are waiting to try again.
   */
  resume(run: WatchedRun, lastSignAt: number, aliveAt: number, now: number): void {
    const timeoutMs = run.timeoutSeconds * 1_000;
    const silenceMs = Math.min(Math.max(aliveAt - lastSignAt, 0), timeoutMs / 2);
    this.#watches.set(run.runId, { timeoutMs, receivedAt: now - silenceMs });
  }

  /** Watches a run, or changes its time-out. */
  watch(run: WatchedRun, now: number): void {
    const watch = this.#watches.get(run.runId);
    const timeoutMs = run.timeoutSeconds * 1_000;
    if (watch === undefined) this.#watches.set(run.runId, { timeoutMs, receivedAt: now });
    else watch.timeoutMs = timeoutMs;
  }

  unwatch(runId: string): void {
    this.#watches.delete(runId);
  }

  /** @returns false when the run is not watched. */
  sign(runId: string, now: number): boolean {
    const watch = this.#watches.get(runId);
    if (watch === undefined) return false;
    watch.receivedAt = now;
    return true;
  }

  /** @returns runs whose time-out has passed; they stay watched until {@link unwatch}. */
  tick(now: number): string[] {
    const pauseMs = now - this.#tickedAt - this.#tickMs;
    this.#tickedAt = now;
    if (pauseMs > 2 * this.#tickMs) {
      for (const watch of this.#watches.values()) watch.receivedAt = Math.min(watch.receivedAt + pauseMs, now);
    }
    const due: string[] = [];
    for (const [runId, { timeoutMs, receivedAt }] of this.#watches) {
      if (now - receivedAt >= timeoutMs) due.push(runId);
    }
    return due;
  }
}
