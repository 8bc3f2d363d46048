import { RUN_PREFIX } from 'simvue-otel/semconv';
import type { CatalogStore } from '../store/catalog-store.ts';
import { NewRunLimit } from './new-run-limit.ts';
import { resourceChange } from './resource-change.ts';
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

  /** A resource without process identity: the run it wrote to last, unless that is over and the data is later. */
  async #resolveShared(part: ResourcePart, context: ResolveContext): Promise<Resolution> {
    const { resource } = part;
    const setting = CURRENT_RUN_SETTING + hashId(JSON.stringify(resource.attributes));
    const runId = context.recordedChoice ?? (await this.#currentRun(setting, part)) ?? newRunId(setting, part);
    const ensured = await this.#ensure(part, runId, null);
    if ('refused' in ensured) return ensured;
    if (context.recordedChoice === undefined) await this.#options.catalog.setSetting(setting, runId);
    this.#bind(resource, runId);
    return { runId, choice: runId, problems: ensured.problems };
  }

  async #currentRun(setting: string, part: ResourcePart): Promise<string | undefined> {
    const { catalog } = this.#options;
    const current = await catalog.getSetting(setting);
    if (current === undefined || catalog.isDeleted(current)) return undefined;
    const run = await catalog.getRun(current);
    if (run === undefined) return undefined;
    const isOver = isTerminal(run.status) || run.status === 'lost';
    const isLater = (part.lastTimeUnixNano ?? 0n) > (run.endedUnixNano ?? run.lastSignUnixNano ?? 0n);
    return isOver && isLater ? undefined : current;
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

function newRunId(setting: string, part: ResourcePart): string {
  return hashId('shared', setting, String(part.firstTimeUnixNano ?? 0n));
}
