import type { SignOfLife } from '../store/catalog-store.ts';

/** Instances whose signs are held; of more only the run's liveness is kept until the next write. */
const MAX_WAITING = 50_000;

/** Signs of life that wait to be written: the greatest event time of each instance of each run. */
export class SignsOfLife {
  readonly #signs = new Map<string, Map<string, bigint>>();
  #size = 0;

  #dropped = 0;

  /** Signs that found no room; the run itself still counts as alive. */
  get dropped(): number {
    return this.#dropped;
  }

  add(runId: string, instance: string, timeUnixNano: bigint): void {
    let instances = this.#signs.get(runId);
    if (this.#size >= MAX_WAITING && instances?.has(instance) !== true) {
      this.#dropped++;
      return;
    }
    if (instances === undefined) {
      instances = new Map();
      this.#signs.set(runId, instances);
    }
    const known = instances.get(instance);
    if (known === undefined) this.#size++;
    if (known === undefined || timeUnixNano > known) instances.set(instance, timeUnixNano);
  }

  /** Takes all signs out. */
  take(): SignOfLife[] {
    const signs: SignOfLife[] = [];
    for (const [runId, instances] of this.#signs) {
      for (const [instance, timeUnixNano] of instances) signs.push({ runId, instance, timeUnixNano });
    }
    this.#signs.clear();
    this.#size = 0;
    return signs;
  }
}
