import type { ReceivedData, UsageStore } from '../store/usage-store.ts';
import type { RunActivity } from './run-resolver-port.ts';

/** Runs whose data waits to be counted; what comes for more of them is not. */
const MAX_RUNS = 50_000;
/** Runs that are written in one transaction, so that other requests get their turn. */
const RUNS_A_STEP = 500;

type Amounts = Pick<RunActivity, 'bytes' | 'points' | 'events'>;

/** Counts what runs receive; written at times, so that a crash loses the count, not the data, of the last moments. */
export class ReceivedAmounts {
  readonly #usage: Pick<UsageStore, 'addReceived'>;
  readonly #tenantOf: (runId: string) => string | undefined;
  #waiting = new Map<string, Amounts>();
  #uncountedBytes = 0;

  constructor(usage: Pick<UsageStore, 'addReceived'>, tenantOf: (runId: string) => string | undefined) {
    this.#usage = usage;
    this.#tenantOf = tenantOf;
  }

  /** Bytes that no tenant was charged for, because too many runs were written to at once. */
  get uncountedBytes(): number {
    return this.#uncountedBytes;
  }

  add(runId: string, { bytes, points, events }: Amounts): void {
    const waiting = this.#waiting.get(runId);
    if (waiting !== undefined) {
      const sums = { bytes: waiting.bytes + bytes, points: waiting.points + points, events: waiting.events + events };
      this.#waiting.set(runId, sums);
    } else if (this.#waiting.size < MAX_RUNS) this.#waiting.set(runId, { bytes, points, events });
    else this.#uncountedBytes += bytes;
  }

  async write(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting = new Map();
    for (let start = 0; start < waiting.length; start += RUNS_A_STEP) {
      const step = waiting.slice(start, start + RUNS_A_STEP).map(([runId, amounts]) => this.#entry(runId, amounts));
      try {
        await this.#usage.addReceived(step.filter((entry) => entry !== undefined));
      } catch (error) {
        for (const [runId, amounts] of waiting.slice(start)) this.add(runId, amounts);
        throw error;
      }
    }
  }

  #entry(runId: string, { bytes, points, events }: Amounts): ReceivedData | undefined {
    const tenant = this.#tenantOf(runId);
    return tenant === undefined ? undefined : { runId, tenant, bytes: Math.round(bytes), points, events };
  }
}
