import type { CatalogStore, RunRow } from '../store/catalog-store.ts';
import type { EditStamp } from '../store/folder-store.ts';
import type { RunChange } from './run-change.ts';
import { randomId } from './run-id.ts';

/** What a REST or page edit says of a run; the stamp is given by {@link RunEdits}. */
export type RunEdit = Omit<RunChange, 'timeUnixNano' | 'uid' | 'instance' | 'author'>;

export interface RunEditsParts {
  readonly catalog: Pick<CatalogStore, 'apply' | 'getRun' | 'recordSigns' | 'setLost'>;
  /** Wall time, nanoseconds since the epoch. */
  readonly nowUnixNano: () => bigint;
  readonly onRunChanged: (runId: string) => void;
  /** A sign of life of a writer of a run. */
  readonly onSign: (runId: string, instance: string, timeUnixNano: bigint) => void;
}

/** Changes that come by REST or from the page: folded at their receive time like all others, by the writer with the empty name. */
export class RunEdits {
  readonly #parts: RunEditsParts;
  #lastUnixNano = 0n;

  constructor(parts: RunEditsParts) {
    this.#parts = parts;
  }

  /** Receive time, later than that of every edit before. */
  stamp(): EditStamp {
    const now = this.#parts.nowUnixNano();
    this.#lastUnixNano = now > this.#lastUnixNano ? now : this.#lastUnixNano + 1n;
    return { timeUnixNano: this.#lastUnixNano, uid: randomId() };
  }

  /**
   * Makes the run if it is not there, and folds the edit; durable when it resolves.
   *
   * @param author - name of the user who asks for it.
   * @throws SimvueError `SIMVUE_ERR_NOT_FOUND` when the run was deleted.
   */
  async apply(runId: string, edit: RunEdit, author: string): Promise<RunRow> {
    const { catalog, onRunChanged } = this.#parts;
    if (edit.lifecycle?.status === 'lost') return this.#lose(runId, edit, author);
    const { run, changed } = await catalog.apply(runId, [{ ...edit, ...this.stamp(), instance: '', author }]);
    if (changed) onRunChanged(runId);
    return run;
  }

  /** The program that writes by REST lives: its run is no longer `lost` when this resolves. */
  async heartbeat({ id: runId, status }: RunRow): Promise<void> {
    const { catalog, nowUnixNano, onRunChanged, onSign } = this.#parts;
    const timeUnixNano = nowUnixNano();
    onSign(runId, '', timeUnixNano);
    // Signs are written at the next tick, which is too late for who reads the run at once.
    if (status !== 'lost') return;
    const revived = await catalog.recordSigns([{ runId, instance: '', timeUnixNano }]);
    if (revived.length > 0) onRunChanged(runId);
  }

  /** `lost` is not a word of the fold: a sign of life takes it back. */
  async #lose(runId: string, edit: RunEdit, author: string): Promise<RunRow> {
    const { catalog, onRunChanged } = this.#parts;
    const run = await this.apply(runId, { ...edit, lifecycle: { status: 'running' } }, author);
    await catalog.setLost(runId);
    onRunChanged(runId);
    return (await catalog.getRun(runId)) ?? run;
  }
}
