import { RESOURCE, RUN_PREFIX } from 'simvue-otel/semconv';
import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import type { CatalogStore } from '../store/catalog-store.ts';
import { NewRunLimit } from './new-run-limit.ts';
import { hasScope, LOCAL_USER, type Principal } from './principal.ts';
import { canonicalJson, resourceChange } from './resource-change.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { deriveRunId, hashId } from './run-id.ts';
import { isTerminal } from './run-lifecycle.ts';
import type { Resolution, ResolveContext, RunResolver } from './run-resolver-port.ts';
import type { ResourcePart } from './telemetry-batch.ts';
import type { TenantLimits } from './tenant-limits.ts';
import { canWrite } from './visibility.ts';

export interface RunResolverOptions {
  readonly catalog: CatalogStore;
  /** Which resources become runs. */
  readonly accept: 'any' | 'simvue';
  readonly maxNewRunsPerMinute: number;
  readonly limits: Pick<TenantLimits, 'runProblem' | 'making'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onRunChanged: (runId: string) => void;
}

interface Settled {
  readonly runId: string;
  readonly username: string;
}

type Ensured = Extract<Resolution, { readonly refused: string }> | { readonly problems: readonly string[] };

const REFUSALS = {
  deleted: 'run was deleted',
  unknown: 'run is not known here: make it first with POST /api/runs',
  notSimvue: `resource has no ${RUN_PREFIX}* attribute: set one, or start the collector with --accept any`,
  ofOther: 'run belongs to another user: ask its owner, or use a token with the scope ingest:any',
  tooMany:
    'too many new runs in a minute with one token: send again later, or start the collector with a larger --max-new-runs',
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
  /** Resources whose binding needs no further look, with the run they are bound to and who may write to it. */
  #settled = new WeakMap<ResourceEntry, Settled>();
  readonly #running = new Map<ResourceEntry, Promise<Resolution>>();

  constructor(options: RunResolverOptions) {
    this.#options = options;
    this.#limit = new NewRunLimit(options.maxNewRunsPerMinute);
  }

  resolve(part: ResourcePart, context: ResolveContext): Resolution | Promise<Resolution> {
    const { resource } = part;
    const settled = this.#settled.get(resource);
    const isKnown = settled?.username === context.principal.username && resource.binding?.runId === settled.runId;
    if (settled !== undefined && isKnown) return { runId: settled.runId };
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
    if (resource.runId !== undefined) return this.#resolveNamed(resource, resource.runId, context.principal);
    if (this.#options.accept === 'simvue' && !hasRunAttribute(resource)) return { refused: REFUSALS.notSimvue };
    const derived = deriveRunId(resource.attributes, { tenant: context.principal.tenant });
    if (derived !== undefined && 'refused' in derived) return derived;
    if (derived === undefined) return this.#resolveShared(part, context);
    const ensured = await this.#ensure(part, derived.runId, derived.externalId, context.principal);
    if ('refused' in ensured) return ensured;
    this.#bind(resource, derived.runId);
    this.#settle(resource, derived.runId, context.principal);
    return { runId: derived.runId, problems: ensured.problems };
  }

  /** A request that names its run: REST makes the run first. */
  async #resolveNamed(resource: ResourceEntry, runId: string, principal: Principal): Promise<Resolution> {
    const { catalog } = this.#options;
    if (catalog.isDeleted(runId)) return { refused: REFUSALS.deleted };
    const run = await catalog.getRun(runId);
    if (run === undefined) return { refused: REFUSALS.unknown };
    if (!canWrite(principal, run)) return { refused: REFUSALS.ofOther };
    this.#bind(resource, runId);
    this.#settle(resource, runId, principal);
    return { runId };
  }

  /** A resource without process identity: the run it wrote to last, unless that is over and the data is later. */
  async #resolveShared(part: ResourcePart, context: ResolveContext): Promise<Resolution> {
    const { resource } = part;
    const { catalog } = this.#options;
    const { username, tenant } = context.principal;
    const owner = username === LOCAL_USER ? [] : [tenant, username];
    const setting = CURRENT_RUN_SETTING + hashId(canonicalJson(resource.attributes), ...owner);
    const current = await catalog.getSetting(setting);
    const firstUnixNano = part.firstTimeUnixNano ?? BigInt(context.receivedAt) * NANOS_PER_MILLISECOND;
    const next = await this.#currentOrNext(setting, current, firstUnixNano);
    const runId = context.recordedChoice ?? next;
    if (resource.binding?.runId === runId && !catalog.isDeleted(runId)) return { runId, choice: runId };
    const ensured = await this.#ensure(part, runId, null, context.principal);
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
  async #ensure(part: ResourcePart, runId: string, externalId: string | null, principal: Principal): Promise<Ensured> {
    const { catalog, clock, limits, onRunChanged } = this.#options;
    if (catalog.isDeleted(runId)) return { refused: REFUSALS.deleted };
    const known = await catalog.getRun(runId);
    if (known === undefined) {
      const problem = limits.runProblem(principal.tenant, 1);
      if (problem !== undefined) return { refused: problem };
      const { token, tenant, username } = principal;
      const retryAfterSeconds = this.#limit.take(token ?? JSON.stringify([tenant, username]), clock());
      if (retryAfterSeconds > 0) return { refused: REFUSALS.tooMany, retryAfterSeconds };
    }
    if (known !== undefined && !canWrite(principal, known)) return { refused: REFUSALS.ofOther };
    const { change, problems } = resourceChange(part.resource, externalId, part.firstTimeUnixNano);
    // Whoever writes first owns the run; of two at once the catalogue decides.
    const owner = known === undefined ? ownerOf(part.resource, principal) : {};
    const make = () => catalog.apply(runId, [{ ...change, ...owner }]);
    const { run, changed } = await (known === undefined ? limits.making(principal.tenant, 1, make) : make());
    if (changed) onRunChanged(runId);
    return canWrite(principal, run) ? { problems } : { refused: REFUSALS.ofOther };
  }

  #settle(resource: ResourceEntry, runId: string, { username }: Principal): void {
    this.#settled.set(resource, { runId, username });
  }

  #bind(resource: ResourceEntry, runId: string): void {
    if (resource.binding?.runId !== runId) resource.binding = { runId, seriesIds: [] };
  }
}

/** The principal, or, when it may write in the name of others, the user that the resource names. */
function ownerOf(resource: ResourceEntry, principal: Principal): { readonly user: string; readonly tenant: string } {
  const named = resource.attributes[RESOURCE.runUser];
  const isNamed = typeof named === 'string' && named !== '' && hasScope(principal, 'ingest:delegate');
  return { user: isNamed ? named : principal.username, tenant: principal.tenant };
}

function hasRunAttribute(resource: ResourceEntry): boolean {
  return Object.keys(resource.attributes).some((key) => key.startsWith(RUN_PREFIX));
}
