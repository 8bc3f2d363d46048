import { SimvueError } from 'simvue-otel/errors';
import type { AccountStore } from '../store/account-store.ts';
import type { UsageStore } from '../store/usage-store.ts';

const GIBIBYTE = 2 ** 30;

/** What a tenant may have: its limits against what it has. A tenant without a row has none, and neither has a limit of 0. */
export class TenantLimits {
  readonly #accounts: Pick<AccountStore, 'tenant'>;
  readonly #usage: Pick<UsageStore, 'runs' | 'bytes'>;
  /** Runs that are being made, by tenant. */
  readonly #making = new Map<string, number>();

  constructor(accounts: Pick<AccountStore, 'tenant'>, usage: Pick<UsageStore, 'runs' | 'bytes'>) {
    this.#accounts = accounts;
    this.#usage = usage;
  }

  /** @returns why the tenant can have no such number of further runs, or undefined when it can. */
  runProblem(tenant: string, more: number): string | undefined {
    const { maxRuns = 0 } = this.#accounts.tenant(tenant) ?? {};
    if (maxRuns === 0 || this.#usage.runs(tenant) + this.#makingOf(tenant) + more <= maxRuns) return undefined;
    return `the tenant ${tenant} may have ${maxRuns} runs: delete some, or raise its max_runs`;
  }

  /** @throws SimvueError `SIMVUE_ERR_OVERLOADED` with the {@link runProblem}. */
  checkRuns(tenant: string, more: number): void {
    const problem = this.runProblem(tenant, more);
    if (problem !== undefined) throw new SimvueError('SIMVUE_ERR_OVERLOADED', problem);
  }

  /** Makes runs that {@link runProblem} had nothing against just now; until then they count for whoever asks next. */
  async making<T>(tenant: string, count: number, make: () => Promise<T>): Promise<T> {
    this.#count(tenant, count);
    try {
      return await make();
    } finally {
      this.#count(tenant, -count);
    }
  }

  /** @throws SimvueError `SIMVUE_ERR_OVERLOADED` when the tenant has no room for so many bytes: data waits with who sends it. */
  checkVolume(tenant: string, moreBytes: number): void {
    const { maxDataVolume = 0 } = this.#accounts.tenant(tenant) ?? {};
    if (maxDataVolume === 0 || this.#usage.bytes(tenant) + moreBytes < maxDataVolume * GIBIBYTE) return;
    throw new SimvueError(
      'SIMVUE_ERR_OVERLOADED',
      `the tenant ${tenant} may have ${maxDataVolume} GiB: delete runs or artifacts, or raise its max_data_volume`,
    );
  }
  #makingOf(tenant: string): number {
    return this.#making.get(tenant) ?? 0;
  }

  #count(tenant: string, more: number): void {
    const count = this.#makingOf(tenant) + more;
    if (count === 0) this.#making.delete(tenant);
    else this.#making.set(tenant, count);
  }
}
