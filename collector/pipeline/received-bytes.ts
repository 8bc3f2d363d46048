import type { ReceivedData, UsageStore } from '../store/usage-store.ts';

/** Runs whose bytes wait to be written; what comes for more of them is not counted. */
const MAX_RUNS = 50_000;
/** Runs that are written in one transaction, so that other requests get their turn. */
const RUNS_A_STEP = 500;

/** Counts the bytes that runs receive; they are written at times, so that a crash loses the count, not the data, of the last moments. */
export class ReceivedBytes {
  readonly #usage: Pick<UsageStore, 'addReceived'>;
  readonly #tenantOf: (runId: string) => string | undefined;
  #waiting = new Map<string, number>();
  #uncounted = 0;

  constructor(usage: Pick<UsageStore, 'addReceived'>, tenantOf: (runId: string) => string | undefined) {
    this.#usage = usage;
    this.#tenantOf = tenantOf;
  }

  /** Bytes that no tenant was charged for, because too many runs were written to at once. */
  get uncounted(): number {
    return this.#uncounted;
  }

  add(runId: string, bytes: number): void {
    const waiting = this.#waiting.get(runId);
    if (waiting === undefined && this.#waiting.size >= MAX_RUNS) this.#uncounted += bytes;
    else this.#waiting.set(runId, (waiting ?? 0) + bytes);
  }

  async write(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting = new Map();
    for (let start = 0; start < waiting.length; start += RUNS_A_STEP) {
      const step = waiting.slice(start, start + RUNS_A_STEP).map(([runId, bytes]) => this.#entry(runId, bytes));
      try {
        await this.#usage.addReceived(step.filter((entry) => entry !== undefined));
      } catch (error) {
        for (const [runId, bytes] of waiting.slice(start)) this.add(runId, bytes);
        throw error;
      }
    }
  }

  #entry(runId: string, bytes: number): ReceivedData | undefined {
    const tenant = this.#tenantOf(runId);
    return tenant === undefined ? undefined : { runId, tenant, bytes: Math.round(bytes) };
  }
}
