import type { CatalogStore, RunRow } from '../store/catalog-store.ts';

const NANO_PER_MS = 1_000_000n;
const ALIVE_SETTING = 'collector-alive-at';
/** Signs that wait to be written; more are written at once. */
const MAX_WAITING_SIGNS = 50_000;

export interface LostDetectionOptions {
  readonly catalog: CatalogStore;
  /** Wall time, milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told when a run became lost or came back. */
  readonly onRunChanged: (runId: string) => void;
}

interface Watched {
  readonly timeoutMs: number;
  /** Wall time of the last sign. */
  heardAt: number;
  /** Event time of the newest sign. */
  newestUnixNano: bigint;
  isLost: boolean;
}

/**
 * Finds runs that give no sign of life for their time-out. The wall time of receipt decides, so that wrong clocks do no harm;
 * the collector's own downtime does not count. A later sign, by event time, takes `lost` back.
 */
export class LostDetection {
  readonly #options: LostDetectionOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #waiting = new Map<string, { runId: string; instance: string; timeUnixNano: bigint }>();

  constructor(options: LostDetectionOptions) {
    this.#options = options;
  }

  /** Takes up the runs that were live when the collector stopped. */
  async start(): Promise<void> {
    const { catalog, clock } = this.#options;
    const now = clock();
    const aliveAt = Number((await catalog.getSetting(ALIVE_SETTING)) ?? now);
    const downtimeMs = Math.max(0, now - aliveAt);
    for (const run of await catalog.liveRuns()) this.#watch(run, now, downtimeMs);
  }

  /** @param timeUnixNano - event time of the newest point or record. */
  sign(runId: string, instance: string, timeUnixNano: bigint): void {
    const key = `${runId}\u0000${instance}`;
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      if (this.#waiting.size < MAX_WAITING_SIGNS) this.#waiting.set(key, { runId, instance, timeUnixNano });
    } else if (timeUnixNano > waiting.timeUnixNano) {
      waiting.timeUnixNano = timeUnixNano;
    }
    const watched = this.#watched.get(runId);
    if (watched === undefined || watched.isLost) return;
    watched.heardAt = this.#options.clock();
    if (timeUnixNano > watched.newestUnixNano) watched.newestUnixNano = timeUnixNano;
  }

  /** Writes signs, finds lost runs and revives those that gave a later sign. */
  async tick(): Promise<void> {
    const { catalog, clock } = this.#options;
    const signs = [...this.#waiting.values()];
    this.#waiting.clear();
    if (signs.length > 0) await catalog.recordSigns(signs);
    for (const sign of signs) await this.#hear(sign.runId, sign.timeUnixNano);
    const now = clock();
    for (const [runId, watched] of this.#watched) {
      if (!watched.isLost && now - watched.heardAt > watched.timeoutMs) await this.#lose(runId, watched);
    }
    await catalog.setSetting(ALIVE_SETTING, String(now));
  }

  forget(runId: string): void {
    this.#watched.delete(runId);
  }

  async #hear(runId: string, timeUnixNano: bigint): Promise<void> {
    const { catalog, clock, onRunChanged } = this.#options;
    const watched = this.#watched.get(runId);
    if (watched === undefined) {
      const run = await catalog.getRun(runId);
      if (run !== undefined && (run.status === 'running' || run.status === 'lost')) this.#watch(run, clock(), 0);
      return;
    }
    if (!watched.isLost || timeUnixNano <= watched.newestUnixNano) return;
    watched.isLost = false;
    watched.heardAt = clock();
    watched.newestUnixNano = timeUnixNano;
    if ((await catalog.revive(runId)) !== undefined) onRunChanged(runId);
  }

  async #lose(runId: string, watched: Watched): Promise<void> {
    const { catalog, onRunChanged } = this.#options;
    const lost = await catalog.setLost(runId, watched.newestUnixNano);
    if (lost === undefined) {
      this.#watched.delete(runId);
      return;
    }
    watched.isLost = true;
    onRunChanged(runId);
  }

  #watch(run: RunRow, now: number, downtimeMs: number): void {
    if (run.heartbeatTimeoutSeconds === null) return;
    const newest = run.lastSignUnixNano ?? run.startedUnixNano ?? run.createdUnixNano;
    const isLost = run.status === 'lost';
    const heardBefore = Math.min(now, Number(newest / NANO_PER_MS) + downtimeMs);
    this.#watched.set(run.id, {
      timeoutMs: run.heartbeatTimeoutSeconds * 1_000,
      heardAt: downtimeMs > 0 ? Math.max(heardBefore, now - run.heartbeatTimeoutSeconds * 1_000) : now,
      newestUnixNano: newest,
      isLost,
    });
  }
}
