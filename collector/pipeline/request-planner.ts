import type { CatalogStore } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { AlertCommands } from './alert-commands.ts';
import { readControlEvents } from './control-events.ts';
import type { RunChange } from './run-change.ts';
import { isTerminal } from './run-lifecycle.ts';
import type { Resolution, ResolveContext, RunResolver } from './run-resolver-port.ts';
import { RunSeries, type SeriesLimits } from './run-series.ts';
import type { BoundPart } from './shard-batches.ts';
import { type DecodedRequest, Refusals, type ResourcePart } from './telemetry-batch.ts';

/** Where each part of a request goes; made before the request is logged. */
export interface RequestPlan {
  readonly bound: readonly BoundPart[];
  readonly refusals: Refusals;
  readonly warnings: readonly string[];
  /** Runs chosen for resources without process identity, by index of the part. */
  readonly choices: Readonly<Record<number, string>> | undefined;
  /** Set when nothing of the request has a run, and what it is short of comes with time: seconds until then. */
  readonly retryAfterSeconds: number | undefined;
  /** Runs whose name, status, tags … changed with this request. */
  readonly changedRuns: ReadonlySet<string>;
}

export interface PlanContext extends Omit<ResolveContext, 'recordedChoice'> {
  /** On replay: the choices of the ingest record. */
  readonly choices?: Readonly<Record<number, string>> | undefined;
  /** The request was planned before. */
  readonly isReplay?: boolean;
}

interface PartPlan {
  readonly bound?: BoundPart;
  readonly choice?: string | undefined;
  readonly refused: readonly (readonly [reason: string, count: number])[];
  readonly warnings: readonly string[];
  readonly retryAfterSeconds?: number | undefined;
  /** True when the part's control events changed the run. */
  readonly changed: boolean;
}

/** A sign of life of a writer: the newest event time of what it sent. */
export type SignListener = (runId: string, instance: string, timeUnixNano: bigint) => void;

export interface PlannerParts {
  readonly catalog: CatalogStore;
  readonly telemetry: TelemetryStore;
  readonly resolver: RunResolver;
  readonly seriesLimits: SeriesLimits;
  readonly decoderVersion: number;
  readonly onSign: SignListener;
  readonly alerts: Pick<AlertCommands, 'apply' | 'unit'>;
}

/** Runs whose series are held in memory; the one that wrote longest ago makes room and is opened again when it writes. */
const MAX_OPEN_RUNS = 20_000;

/** Finds the run of each part and folds the request's control events into the catalogue (durable, idempotent). */
export class RequestPlanner {
  readonly #parts: PlannerParts;
  readonly #openRuns = new Map<string, RunSeries>();
  readonly #opening = new Map<string, Promise<RunSeries>>();

  constructor(parts: PlannerParts) {
    this.#parts = parts;
  }

  get decoderVersion(): number {
    return this.#parts.decoderVersion;
  }

  /** Forgets what is held of a deleted run. */
  forget(runId: string): void {
    this.#openRuns.delete(runId);
    this.#parts.resolver.forget(runId);
  }

  async plan(decoded: DecodedRequest, context: PlanContext): Promise<RequestPlan> {
    const refusals = new Refusals();
    const warnings: string[] = [];
    const choices: Record<number, string> = {};
    const changedRuns = new Set<string>();
    // Side by side, so that the changes of all parts share a transaction of the catalogue.
    const planned = await Promise.all(decoded.parts.map((part, index) => this.#planPart(part, context, index)));
    const bound: BoundPart[] = [];
    for (const [index, plan] of planned.entries()) {
      for (const [reason, count] of plan.refused) refusals.add(reason, count);
      warnings.push(...plan.warnings);
      if (plan.bound === undefined) continue;
      if (plan.choice !== undefined) choices[index] = plan.choice;
      if (plan.changed) changedRuns.add(plan.bound.runId);
      bound.push(plan.bound);
    }
    const hasChoices = Object.keys(choices).length > 0;
    const waits = planned.map(({ retryAfterSeconds = 0 }) => retryAfterSeconds);
    return {
      bound,
      refusals,
      warnings,
      choices: hasChoices ? choices : undefined,
      retryAfterSeconds: waits.length === 0 || waits.includes(0) ? undefined : Math.min(...waits),
      changedRuns,
    };
  }

  async #planPart(part: ResourcePart, context: PlanContext, index: number): Promise<PartPlan> {
    const resolution = await this.#resolve(part, context, index);
    if ('refused' in resolution) {
      return {
        refused: [[resolution.refused, part.points + part.events.length + part.spans.length]],
        warnings: [],
        retryAfterSeconds: resolution.retryAfterSeconds,
        changed: false,
      };
    }
    const { runId, choice } = resolution;
    const series = this.#recent(runId) ?? (await this.#open(runId));
    const warnings = [...(resolution.problems ?? [])];
    if (series.isAboveSoftLimit) warnings.push(`run ${runId} has ${series.size} series, more than recommended`);
    const { alerts } = this.#parts;
    const control = readControlEvents(part.events, part.resource.instance, alerts.unit);
    // A definition and the end of its run may come together.
    const hadEnded = control.alerts.length > 0 && isTerminal(this.#parts.catalog.findRun(runId)?.status ?? 'created');
    const changed = control.changes.length > 0 && (await this.#fold(runId, control.changes));
    if (part.lastTimeUnixNano !== undefined) {
      this.#parts.onSign(runId, part.resource.instance, part.lastTimeUnixNano);
    }
    const shard = this.#parts.telemetry.shardOf(runId);
    const isReplay = context.isReplay ?? false;
    const unused = control.alerts.length === 0 ? [] : await alerts.apply(runId, control.alerts, { hadEnded, isReplay });
    const refused = [...control.refusals, ...unused].map((reason): [string, number] => [reason, 1]);
    return { bound: { part, runId, series, shard, events: control.events }, choice, refused, warnings, changed };
  }

  #resolve(part: ResourcePart, context: PlanContext, index: number): Resolution | Promise<Resolution> {
    const recordedChoice = context.choices?.[index];
    return this.#parts.resolver.resolve(part, {
      receivedAt: context.receivedAt,
      principal: context.principal,
      ...(recordedChoice === undefined ? {} : { recordedChoice }),
    });
  }

  async #fold(runId: string, changes: readonly RunChange[]): Promise<boolean> {
    return (await this.#parts.catalog.apply(runId, changes)).changed;
  }

  #recent(runId: string): RunSeries | undefined {
    const series = this.#openRuns.get(runId);
    if (series === undefined) return undefined;
    this.#openRuns.delete(runId);
    this.#openRuns.set(runId, series);
    return series;
  }

  /** One opening at a time a run: two requests must not define the same series twice. */
  #open(runId: string): Promise<RunSeries> {
    const running = this.#opening.get(runId);
    if (running !== undefined) return running;
    const opening = this.#load(runId).finally(() => this.#opening.delete(runId));
    this.#opening.set(runId, opening);
    return opening;
  }

  async #load(runId: string): Promise<RunSeries> {
    const { telemetry, seriesLimits } = this.#parts;
    const known = await telemetry.openRun(runId);
    const series = new RunSeries(known, seriesLimits, (definition, instance) =>
      telemetry.defineSeries(runId, definition, instance),
    );
    if (this.#openRuns.size >= MAX_OPEN_RUNS) {
      const [oldest] = this.#openRuns.keys();
      if (oldest !== undefined) this.#openRuns.delete(oldest);
    }
    this.#openRuns.set(runId, series);
    return series;
  }
}
