import { setImmediate } from 'node:timers/promises';
import type { ArtifactFiles } from '../store/artifact-files.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { RunResolver } from './run-resolver-port.ts';

/** Runs that the shards delete in one transaction. */
const RUNS_A_STEP = 50;
/** Runs that go in one transaction of the catalogue, on the main thread: more would hold up other requests. */
const RUNS_A_TURN = 10;
const REMOVALS_A_STEP = 1000;

export interface RunDeletionParts {
  readonly catalog: Pick<CatalogStore, 'deleteRuns' | 'expiredRuns'> & {
    readonly artifacts: Pick<ArtifactStore, 'contentToRemove' | 'contentRemoved'>;
  };
  readonly telemetry: Pick<TelemetryStore, 'deleteRuns'>;
  readonly resolver: Pick<RunResolver, 'forget'>;
  readonly files: Pick<ArtifactFiles, 'remove'>;
  readonly onDeleted: (runId: string) => void;
}

/** Deletes runs and all that belongs to them; tombstones stay. */
export class RunDeletion {
  readonly #parts: RunDeletionParts;

  constructor(parts: RunDeletionParts) {
    this.#parts = parts;
  }

  /** Asking again finishes what failed the first time. */
  async delete(ids: readonly string[]): Promise<void> {
    const { catalog, telemetry, resolver, onDeleted } = this.#parts;
    for (let start = 0; start < ids.length; start += RUNS_A_STEP) {
      const step = ids.slice(start, start + RUNS_A_STEP);
      for (let turn = 0; turn < step.length; turn += RUNS_A_TURN) {
        const runs = step.slice(turn, turn + RUNS_A_TURN);
        await catalog.deleteRuns(runs);
        for (const id of runs) resolver.forget(id);
        await setImmediate();
      }
      await telemetry.deleteRuns(step);
      await this.removeForgottenContent();
      for (const id of step) onDeleted(id);
    }
  }

  /** Deletes the runs whose time of retention is over. @returns how many. */
  async deleteExpired(): Promise<number> {
    let deleted = 0;
    for (;;) {
      const ids = await this.#parts.catalog.expiredRuns(RUNS_A_STEP);
      await this.delete(ids);
      deleted += ids.length;
      if (ids.length < RUNS_A_STEP) return deleted;
    }
  }

  /** Removes the content of artifacts that were forgotten, also of those that an earlier process could not remove. */
  async removeForgottenContent(): Promise<void> {
    const { catalog, files } = this.#parts;
    for (;;) {
      const ids = await catalog.artifacts.contentToRemove(REMOVALS_A_STEP);
      if (ids.length === 0) return;
      for (const id of ids) await files.remove(id);
      await catalog.artifacts.contentRemoved(ids);
    }
  }
}
