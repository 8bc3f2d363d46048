import { RUN_PREFIX } from 'simvue-otel/semconv';
import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import type { CatalogStore } from '../store/catalog-store.ts';
import { NewRunLimit } from './new-run-limit.ts';
import { canonicalJson, resourceChange } from './resource-change.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { deriveRunId, hashId } from './run-id.ts';
import { isTerminal } from './run-lifecycle.ts';
import type { Resolution, ResolveContext, RunResolver } from './run-resolver-port.ts';
import type { ResourcePart } from './telemetry-batch.ts';

export interface RunResolverOptions {
  readonly catalog: CatalogStore;
  /** Which resources become runs. */
  readonly accept: 'any' | 'simvue';
  readonly maxNewRunsPerMinute: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onRunChanged: (runId: string) => void;
}

type Ensured = { readonly refused: string } | { readonly problems: readonly string[] };

const REFUSALS = {
  deleted: 'run was deleted',
  unknown: 'run is not known here: make it first with POST /api/runs',
  notSimvue: `resource has no ${RUN_PREFIX}* attribute: set one, or start the collector with --accept any`,
  tooMany: 'too many new runs in a minute: send again later, or start the collector with a larger --max-new-runs',
} as const;

/** Resources without process identity share a run for as long as it lives; this setting remembers it. */
const CURRENT_RUN_SETTING = 'current-run:';

/** Finds the run of each resource, and makes it when it is new. */
export function createRunResolver(options: RunResolverOptions): RunResolver {
  return new CatalogRunResolver(options);
}

class CatalogRunResolver implements RunResolver {
  readonly #options: RunResolverOptions;
  readonly #limit: NewRunLimit;
  /** Resources whose binding needs no further look, with the run they are bound to. */
  #settled = new WeakMap<ResourceEntry, string>();
  readonly #running = new Map<ResourceEntry, Promise<Resolution>>();

  constructor(options: RunResolverOptions) {
    this.#options = options;
    this.#limit = new NewRunLimit(options.maxNewRunsPerMinute);
  }

  resolve(part: ResourcePart, context: ResolveContext): Resolution | Promise<Resolution> {
    const { resource } = part;
    const settled = this.#settled.get(resource);
    if (settled !== undefined && resource.binding?.runId === settled) return { runId: settled };
    const earlier = this.#running.get(resource) ?? Promise.resolve();
    const resolving = earlier.then(() => this.#resolve(part, context));
    this.#running.set(resource, resolving);
    const done = (): void => {
      if (this.#running.get(resource) === resolving) this.#running.delete(resource);
    };
    resolving.then(done, done);
    return resolving;
  }

  /** Every binding is looked at again: one to a deleted run is refused then. */
  forget(): void {
    this.#settled = new WeakMap();
  }

  async #resolve(part: ResourcePart, context: ResolveContext): Promise<Resolution> {
    const { resource } = part;
    if (resource.runId !== undefined) return this.#resolveNamed(resource, resource.runId);
    if (this.#options.accept === 'simvue' && !hasRunAttribute(resource)) return { refused: REFUSALS.notSimvue };
    const derived = deriveRunId(resource.attributes);
    if (derived !== undefined && 'refused' in derived) return derived;
    if (derived === undefined) return this.#resolveShared(part, context);
    const ensured = await this.#ensure(part, derived.runId, derived.externalId);
    if ('refused' in ensured) return ensured;
    this.#bind(resource, derived.runId);
    this.#settled.set(resource, derived.runId);
    return { runId: derived.runId, problems: ensured.problems };
  }

  /** A request that names its run: REST makes the run first. */
  async #resolveNamed(resource: ResourceEntry, runId: string): Promise<Resolution> {
    const { catalog } = this.#options;
    if (catalog.isDeleted(runId)) return { refused: REFUSALS.deleted };
    if ((await catalog.getRun(runId)) === undefined) return { refused: REFUSALS.unknown };
    this.#bind(resource, runId);
    this.#settled.set(resource, runId);
    return { runId };
  }

  /** A resource without process identity: the run it wrote to last, unless that is over and the data is later. */
  async #resolveShared(part: ResourcePart, context: ResolveContext): Promise<Resolution> {
    const { resource } = part;
    const { catalog } = this.#options;
    const setting = CURRENT_RUN_SETTING + hashId(canonicalJson(resource.attributes));
    const current = await catalog.getSetting(setting);
    const firstUnixNano = part.firstTimeUnixNano ?? BigInt(context.receivedAt) * NANOS_PER_MILLISECOND;
    const next = await this.#currentOrNext(setting, current, firstUnixNano);
    const runId = context.recordedChoice ?? next;
    if (resource.binding?.runId === runId && !catalog.isDeleted(runId)) return { runId, choice: runId };
    const ensured = await this.#ensure(part, runId, null);
    if ('refused' in ensured) return ensured;
    if (context.recordedChoice === undefined && runId !== current) await catalog.setSetting(setting, runId);
    this.#bind(resource, runId);
    return { runId, choice: runId, problems: ensured.problems };
  }

  async #currentOrNext(setting: string, current: string | undefined, firstUnixNano: bigint): Promise<string> {
    const endUnixNano = current === undefined ? -1n : await this.#endOf(current);
    if (current !== undefined && (endUnixNano === undefined || firstUnixNano <= endUnixNano)) return current;
    return hashId('shared', setting, String(firstUnixNano));
  }

  /** @returns undefined while the run lives. */
  async #endOf(runId: string): Promise<bigint | undefined> {
    const { catalog } = this.#options;
    const deletedUnixNano = catalog.deletedAt(runId);
    if (deletedUnixNano !== undefined) return deletedUnixNano;
    const run = await catalog.getRun(runId);
    if (run === undefined) return -1n;
    if (!isTerminal(run.status) && run.status !== 'lost') return undefined;
    return run.endedUnixNano ?? run.lastSignUnixNano ?? -1n;
  }

  /** Makes the run, or adds what this resource says of it. */
  async #ensure(part: ResourcePart, runId: string, externalId: string | null): Promise<Ensured> {
    const { catalog, clock, onRunChanged } = this.#options;
    if (catalog.isDeleted(runId)) return { refused: REFUSALS.deleted };
    const isNew = (await catalog.getRun(runId)) === undefined;
    if (isNew && !this.#limit.take(clock())) return { refused: REFUSALS.tooMany };
    const { change, problems } = resourceChange(part.resource, externalId, part.firstTimeUnixNano);
    const { changed } = await catalog.apply(runId, [change]);
    if (changed) onRunChanged(runId);
    return { problems };
  }

  #bind(resource: ResourceEntry, runId: string): void {
    if (resource.binding?.runId !== runId) resource.binding = { runId, seriesIds: [] };
  }
}

function hasRunAttribute(resource: ResourceEntry): boolean {
  return Object.keys(resource.attributes).some((key) => key.startsWith(RUN_PREFIX));
}
