import type { RunList } from '../../../collector/api/contract/run.ts';
import { deleteRuns } from './edits.ts';
import { errorText } from './request.ts';

const UNDO_MILLISECONDS = 10_000;
/** Ids that are named in one request. */
const AT_ONCE = 500;

interface DeletedRun {
  readonly id: string;
  readonly name: string;
}

/** Runs that were deleted on the page and can be taken back for ten seconds, on whatever page; reactive. */
class Deletion {
  /** Those that can be taken back. */
  waiting = $state.raw<readonly DeletedRun[]>([]);
  /** Those that lists leave out. */
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  /** Why the last of them could not be deleted. */
  problem = $state.raw<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // Who leaves has seen that they are deleted.
    addEventListener('pagehide', () => void this.#carryOut());
  }

  schedule(runs: readonly DeletedRun[]): void {
    void this.#carryOut();
    this.problem = undefined;
    this.waiting = runs;
    this.hidden = new Set([...this.hidden, ...runs.map(({ id }) => id)]);
    this.resume();
  }

  /** A list without those that were deleted. */
  without({ count, data }: RunList): RunList {
    const left = data.filter(({ id }) => !this.hidden.has(id));
    return { count: count - (data.length - left.length), data: left };
  }

  undo(): void {
    this.hold();
    this.#show(this.waiting);
    this.waiting = [];
  }

  /** Stops the time: somebody is about to decide. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  /** Lets the time begin again. */
  resume(): void {
    this.hold();
    this.#timer = setTimeout(() => void this.#carryOut(), UNDO_MILLISECONDS);
  }

  dismiss(): void {
    this.problem = undefined;
    void this.#carryOut();
  }

  #show(runs: readonly DeletedRun[]): void {
    const shown = new Set(runs.map(({ id }) => id));
    this.hidden = new Set([...this.hidden].filter((id) => !shown.has(id)));
  }

  async #carryOut(): Promise<void> {
    this.hold();
    const runs = this.waiting;
    this.waiting = [];
    const parts = Array.from({ length: Math.ceil(runs.length / AT_ONCE) }, (_, part) =>
      runs.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
    );
    // All at once: when the page goes away, only what was sent goes on.
    await Promise.all(
      parts.map((some) =>
        deleteRuns(some.map(({ id }) => id)).catch((error: unknown) => {
          this.problem = errorText(error);
          this.#show(some);
        }),
      ),
    );
  }
}

export const deletion = new Deletion();
