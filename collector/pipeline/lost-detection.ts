import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import type { CatalogStore, RunRow } from '../store/catalog-store.ts';
import { RunLiveness, type WatchedRun } from './run-liveness.ts';
import { SignsOfLife } from './signs-of-life.ts';

export interface LostDetectionOptions {
  readonly catalog: CatalogStore;
  /** Wall time, milliseconds since the epoch. */
  readonly clock: () => number;
  /** Time between two ticks: a tick that comes much later was a pause in which nobody could be heard. */
  readonly tickMs: number;
  /** Told when a run became lost or came back. */
  readonly onRunChanged: (runId: string) => void;
}

const ALIVE_SETTING = 'collector-alive-at';

/**
 * Finds runs that give no sign of life for their time-out. The wall time of receipt decides, so that wrong clocks do no harm;
 * the collector's own downtime does not count. A later sign, by event time, takes `lost` back.
 */
export class LostDetection {
  readonly #options: LostDetectionOptions;
  readonly #liveness: RunLiveness;
  readonly #signs = new SignsOfLife();
  /** Runs whose status or time-out may be different from what is watched. */
  readonly #stale = new Set<string>();

  constructor(options: LostDetectionOptions) {
    this.#options = options;
    this.#liveness = new RunLiveness(options.tickMs, options.clock());
  }

  /** Takes up the runs that were live when the collector stopped. @returns when it was last alive, milliseconds since the epoch. */
  async start(): Promise<number> {
    const { catalog, clock } = this.#options;
    const now = clock();
    const aliveAt = Number((await catalog.getSetting(ALIVE_SETTING)) ?? now);
    for (const run of await catalog.liveRuns()) {
      const watched = watchedOf(run);
      if (watched === undefined) continue;
      const lastSign = run.lastSignUnixNano ?? run.createdUnixNano;
      this.#liveness.resume(watched, Number(lastSign / NANOS_PER_MILLISECOND), aliveAt, now);
    }
    return aliveAt;
  }

  /**
   * Points, events or a heartbeat of an instance.
   *
   * @param timeUnixNano - newest event time; one ahead of the clock counts as now, lest it hide all later signs.
   */
  sign(runId: string, instance: string, timeUnixNano: bigint): void {
    const now = this.#options.clock();
    const nowUnixNano = BigInt(now) * NANOS_PER_MILLISECOND;
    this.#signs.add(runId, instance, timeUnixNano < nowUnixNano ? timeUnixNano : nowUnixNano);
    if (!this.#liveness.sign(runId, now)) this.#stale.add(runId);
  }

  /** The run is new, or its status or time-out may be different. */
  runChanged(runId: string): void {
    this.#stale.add(runId);
  }

  /** Writes the signs that wait, then looks for lost runs. What fails is tried again at the next tick. */
  async tick(): Promise<void> {
    const { catalog, clock, onRunChanged } = this.#options;
    await this.#writeSigns();
    for (const runId of this.#stale) {
      await this.#look(runId);
      this.#stale.delete(runId);
    }
    for (const runId of this.#liveness.tick(clock())) {
      if (await catalog.setLost(runId)) onRunChanged(runId);
      this.#liveness.unwatch(runId);
    }
  }

  /** Signs that found no room to wait: `last_sign` of an instance may lag behind by a tick. */
  get droppedSigns(): number {
    return this.#signs.dropped;
  }

  forget(runId: string): void {
    this.#liveness.unwatch(runId);
  }

  async #writeSigns(): Promise<void> {
    const { catalog, clock, onRunChanged } = this.#options;
    const signs = this.#signs.take();
    try {
      const revived = signs.length === 0 ? [] : await catalog.recordSigns(signs);
      for (const runId of revived) {
        this.#stale.add(runId);
        onRunChanged(runId);
      }
    } catch (error) {
      for (const { runId, instance, timeUnixNano } of signs) this.#signs.add(runId, instance, timeUnixNano);
      throw error;
    }
    await catalog.setSetting(ALIVE_SETTING, String(clock()));
  }

  /** Watches a run as the catalogue has it now. */
  async #look(runId: string): Promise<void> {
    const run = await this.#options.catalog.getRun(runId);
    const watched = run === undefined ? undefined : watchedOf(run);
    if (watched === undefined) this.#liveness.unwatch(runId);
    else this.#liveness.watch(watched, this.#options.clock());
  }
}

function watchedOf(run: RunRow): WatchedRun | undefined {
  if (run.status !== 'running' || run.heartbeatTimeoutSeconds === null) return undefined;
  return { runId: run.id, timeoutSeconds: run.heartbeatTimeoutSeconds };
}
