import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from 'simvue-otel/errors';
import type { PendingRun } from '../store/export-store.ts';
import { eachOf } from './each-of.ts';
import { sendAlerts } from './forwarded-alerts.ts';
import { sendArtifacts } from './forwarded-artifacts.ts';
import { sendFolders } from './forwarded-folders.ts';
import { sendGrids } from './forwarded-grids.ts';
import type { ItemParts } from './item-parts.ts';

const POLL_MILLISECONDS = 250;
/** Content goes beside the points and must not take their place. */
const PARALLEL_RUNS = 4;
const RUNS_AT_ONCE = 100;
const MAX_ASKED = 10_000;

/** Forwards artifacts, alerts, arrays and folders: what of them waits is noted in the catalogue, their content stays where it is. */
export class ItemForwarder {
  readonly #parts: ItemParts;
  readonly #onUnknownRun: (runId: string) => void;
  /** Runs that are to be made, with the change that was seen. */
  readonly #asked = new Map<string, number>();
  #isClosing = false;
  #after = '';
  #running: Promise<void> = Promise.resolve();

  /** @param onUnknownRun - told of a run that is to be made at the target first. */
  constructor(parts: ItemParts, onUnknownRun: (runId: string) => void) {
    this.#parts = parts;
    this.#onUnknownRun = onUnknownRun;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What is under way ends with the signal of the delivery. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { delivery, health } = this.#parts;
    while (!this.#isClosing) {
      try {
        await this.#step();
      } catch (error) {
        if (delivery.signal.aborted) return;
        health.failed(errorText(error));
      }
      await sleep(POLL_MILLISECONDS);
    }
  }

  /** In the order of the ids, from the beginning again after the last: a run that must wait holds up no other. */
  async #step(): Promise<void> {
    const { target, catalog } = this.#parts;
    for (const remote of catalog.exports.waitingDeletions(target, RUNS_AT_ONCE)) {
      await deleteRun(this.#parts, remote);
      catalog.exports.deletionSent(target, remote);
    }
    await sendFolders(this.#parts);
    const waiting = catalog.exports.pendingRuns(target, this.#after, RUNS_AT_ONCE);
    this.#after = waiting.length < RUNS_AT_ONCE ? '' : (waiting.at(-1)?.runId ?? '');
    await eachOf(waiting, PARALLEL_RUNS, (run) => (this.#isClosing ? Promise.resolve() : this.#send(run)));
  }

  async #send(run: PendingRun): Promise<void> {
    const { target, catalog } = this.#parts;
    const { runId } = run;
    const remoteId = catalog.exports.run(target, runId)?.remoteId;
    if (remoteId === undefined) return this.#askForRun(run);
    const place = { runId, remoteId };
    await sendGrids(this.#parts, place);
    await sendAlerts(this.#parts, place);
    await sendArtifacts(this.#parts, place);
    catalog.exports.settle(target, run);
    this.#asked.delete(runId);
  }

  /** Once for each change: the target may refuse the run. */
  #askForRun({ runId, version }: PendingRun): void {
    if (this.#asked.get(runId) === version) return;
    if (this.#asked.size >= MAX_ASKED) this.#asked.clear();
    this.#asked.set(runId, version);
    this.#onUnknownRun(runId);
  }
}

/** A run that is not there is deleted. */
async function deleteRun(parts: ItemParts, remote: string): Promise<void> {
  const { delivery, health, forwarding } = parts;
  const path = `/runs/${remote}`;
  const refused = await delivery.attempt(() => forwarding.ask({ method: 'DELETE', path, signal: delivery.signal }));
  if (refused === undefined || refused.code === 'SIMVUE_ERR_NOT_FOUND') return;
  health.refuse(`deletion: ${refused.code}`, 1, refused.message);
}
