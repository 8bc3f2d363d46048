import { setImmediate } from 'node:timers/promises';
import { EntryList, entryOfEvent, type Forwarding, type StandIn } from 'simvue-otel/exporter';
import type { StagingArena } from '../pipeline/staging.ts';
import type { EventRecord } from '../pipeline/telemetry.ts';
import type { DecodedRequest, ResourcePart } from '../pipeline/telemetry-batch.ts';
import { PRIVATE } from '../pipeline/visibility.ts';
import type { RunRow } from '../store/catalog-store.ts';
import type { ExportedRun } from '../store/export-store.ts';
import { type Delivery, SERVER_CODES, UNREACHABLE_CODES } from './delivery.ts';
import type { ExportHealth } from './export-health.ts';
import { pointSlices } from './point-slices.ts';
import { newRunJson, runJson, visibilityJson } from './run-json.ts';

const SLICE_POINTS = 2_000;
const SLICE_EVENTS = 1_000;

export interface ForwardingParts {
  readonly forwarding: Forwarding;
  readonly delivery: Delivery;
  readonly health: ExportHealth;
  readonly arena: Pick<StagingArena, 'block'>;
  /** The target has this folder. */
  readonly onFolder: (path: string) => void;
}

/** A run and the one that stands for it at the target; one call at a time. */
export class ForwardedRun {
  readonly #parts: ForwardingParts;
  readonly #remote: StandIn;
  #saved: ExportedRun;
  #folder: string | undefined;
  /** What was sent last; undefined after a restart. */
  #visibility: string | undefined;

  private constructor(parts: ForwardingParts, saved: ExportedRun) {
    this.#parts = parts;
    this.#saved = saved;
    this.#remote = parts.forwarding.known(saved.remoteId);
  }

  /** The run as it was known before a restart. */
  static known(parts: ForwardingParts, saved: ExportedRun): ForwardedRun {
    return new ForwardedRun(parts, saved);
  }

  /** Finds or makes the run at the target. @returns undefined when the target refuses it. */
  static async make(parts: ForwardingParts, row: RunRow): Promise<ForwardedRun | undefined> {
    const { forwarding, delivery, health } = parts;
    let remote: StandIn | undefined;
    const refused = await delivery.attempt(async () => {
      remote = await forwarding.standInFor(row.id, newRunJson(row), delivery.signal);
    }, SERVER_CODES);
    if (refused !== undefined) health.refuse(`run: ${refused.code}`, 1, `run ${row.id}: ${refused.message}`);
    if (remote === undefined) return undefined;
    const startUnixNano = row.startedUnixNano ?? row.createdUnixNano;
    const run = new ForwardedRun(parts, {
      runId: row.id,
      remoteId: remote.id,
      startUnixNano,
      nextStep: 0,
      sentUnixNano: 0n,
    });
    run.#visibility = JSON.stringify(visibilityJson({ ...row, visibility: PRIVATE }));
    return run;
  }

  /** To be kept with the position up to which it was sent. */
  get saved(): ExportedRun {
    return this.#saved;
  }

  async sendPoints(decoded: DecodedRequest, part: ResourcePart): Promise<void> {
    const { arena, delivery } = this.#parts;
    const makeList = (): EntryList => new EntryList(this.#saved.startUnixNano, () => this.#takeStep());
    for (const list of pointSlices(decoded, part, arena, SLICE_POINTS, makeList)) {
      await delivery.send(
        list.sorted(),
        ({ values }) => Object.keys(values).length,
        (entries) => this.#remote.postMetrics(entries, delivery.signal),
      );
      await setImmediate();
    }
  }

  async sendEvents(events: readonly EventRecord[]): Promise<void> {
    const { delivery } = this.#parts;
    for (let at = 0; at < events.length; at += SLICE_EVENTS) {
      const entries = events
        .slice(at, at + SLICE_EVENTS)
        .map((event) => entryOfEvent({ ...event, body: event.body === '' ? undefined : event.body }));
      await delivery.send(
        entries,
        () => 1,
        (some) => this.#remote.postEvents(some, delivery.signal),
      );
    }
  }

  /** Name, folder, tags, metadata, status and all else that is said of the run. */
  async sendState(row: RunRow): Promise<void> {
    const { forwarding, delivery, health, onFolder } = this.#parts;
    const refused = await delivery.attempt(async () => {
      if (row.folder !== this.#folder) {
        await forwarding.ensureFolder(row.folder, delivery.signal);
        onFolder(row.folder);
      }
      this.#folder = row.folder;
      await this.#remote.change(runJson(row), delivery.signal);
    });
    if (refused !== undefined) health.refuse(`run: ${refused.code}`, 1, `run ${row.id}: ${refused.message}`);
    await this.#sendVisibility(row);
    this.#saved = { ...this.#saved, sentUnixNano: row.modifiedUnixNano };
  }

  /** For itself: a target may leave it to others who sees what. */
  async #sendVisibility(row: RunRow): Promise<void> {
    const { delivery, health } = this.#parts;
    const json = visibilityJson(row);
    const text = JSON.stringify(json);
    if (text === this.#visibility) return;
    const refused = await delivery.attempt(() => this.#remote.change(json, delivery.signal), UNREACHABLE_CODES);
    if (refused !== undefined) health.refuse(`visibility: ${refused.code}`, 1, `run ${row.id}: ${refused.message}`);
    this.#visibility = text;
  }

  #takeStep(): number {
    const { nextStep } = this.#saved;
    this.#saved = { ...this.#saved, nextStep: nextStep + 1 };
    return nextStep;
  }
}
