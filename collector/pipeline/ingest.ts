import { SimvueError } from 'simvue-otel/errors';
import type { IngestLog } from '../store/ingest-log-port.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { DiskTrouble } from './disk-trouble.ts';
import type { IngestAnswer, IngestPort, IngestRequest } from './ingest-port.ts';
import { hasOwnPoints } from './own-points.ts';
import { printPrincipal } from './principal.ts';
import type { RequestPlan, RequestPlanner } from './request-planner.ts';
import type { RunActivity } from './run-resolver-port.ts';
import { ShardBatches } from './shard-batches.ts';
import type { StagingArena } from './staging.ts';
import { type DecodedRequest, Refusals } from './telemetry-batch.ts';

/** What may wait in memory between the receiver and the durable log. */
export interface IngestLimits {
  readonly maxRequests: number;
  readonly maxBytes: number;
}

export const DEFAULT_INGEST_LIMITS: IngestLimits = { maxRequests: 2_000, maxBytes: 256 << 20 };

/** What a request adds that was stored before. */
const NOTHING = { points: 0, hasOwnPoints: false, events: 0, bytes: 0 } as const;

export interface IngestParts {
  readonly log: IngestLog;
  readonly telemetry: TelemetryStore;
  readonly planner: RequestPlanner;
  readonly arena: StagingArena;
  readonly disk: Pick<DiskTrouble, 'reason'>;
  readonly limits?: IngestLimits;
  readonly onActivity: (activity: RunActivity) => void;
  /** Sees each durable request in the order of the log, before its points leave the staging blocks. */
  readonly observe: (sequence: number, receivedAt: number, decoded: DecodedRequest, plan: RequestPlan) => void;
}

/** Counters since the start of the process. */
export interface IngestStatistics {
  requests: number;
  points: number;
  records: number;
  refused: number;
  repeatedRequests: number;
  overloaded: number;
}

/**
 * The way of a request: plan (runs, control events: durable in the catalogue) → ingest log (durable) → shards → answer.
 *
 * Requests reach the shards in the order of the log, so that a replay after a crash repeats exactly what was done.
 */
export class IngestPipeline implements IngestPort {
  readonly #parts: IngestParts;
  readonly #limits: IngestLimits;
  readonly statistics: IngestStatistics = {
    requests: 0,
    points: 0,
    records: 0,
    refused: 0,
    repeatedRequests: 0,
    overloaded: 0,
  };
  /** Refused points and records by reason. */
  readonly refusals = new Refusals();
  #waitingRequests = 0;
  #waitingBytes = 0;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? DEFAULT_INGEST_LIMITS;
  }

  get hasRoom(): boolean {
    return (
      this.#waitingRequests < this.#limits.maxRequests &&
      this.#waitingBytes < this.#limits.maxBytes &&
      this.#parts.arena.hasRoom &&
      this.#parts.telemetry.hasRoom &&
      this.trouble === undefined
    );
  }

  get trouble(): string | undefined {
    return this.#parts.disk.reason;
  }

  get waitingRequests(): number {
    return this.#waitingRequests;
  }

  async ingest(request: IngestRequest): Promise<IngestAnswer> {
    this.#waitingRequests++;
    this.#waitingBytes += request.body.length;
    try {
      return await this.#store(request);
    } catch (error) {
      if (!(error instanceof SimvueError)) throw error;
      this.statistics.overloaded++;
      return { status: 'overloaded', retryAfterSeconds: 1, message: error.message };
    } finally {
      request.decoded.release();
      this.#waitingRequests--;
      this.#waitingBytes -= request.body.length;
    }
  }

  async #store(request: IngestRequest): Promise<IngestAnswer> {
    const { log, planner } = this.#parts;
    const { decoded } = request;
    const plan = await planner.plan(decoded, { receivedAt: request.receivedAt, principal: request.principal });
    if (plan.retryAfterSeconds !== undefined) {
      this.statistics.overloaded++;
      return { status: 'overloaded', retryAfterSeconds: plan.retryAfterSeconds, message: plan.refusals.message };
    }
    const isRepeated = plan.bound.length > 0 && log.holds(request.kind, request.body);
    if (plan.bound.length > 0) {
      if (isRepeated) {
        this.statistics.repeatedRequests++;
      } else {
        const sequence = await log.append(
          request.kind,
          {
            receivedAt: request.receivedAt,
            principal: printPrincipal(request.principal),
            decoderVersion: planner.decoderVersion,
            ...(plan.choices === undefined ? {} : { choices: plan.choices }),
          },
          request.body,
        );
        this.commit(sequence, log.statistics.bytes, request.receivedAt, decoded, plan);
      }
    }
    return this.#answer(request, plan, isRepeated);
  }

  /** Hands a durable request to its shards; also used by the replay. */
  commit(sequence: number, logBytes: number, receivedAt: number, decoded: DecodedRequest, plan: RequestPlan): void {
    const { telemetry, arena, observe } = this.#parts;
    observe(sequence, receivedAt, decoded, plan);
    const batches = new ShardBatches(plan.bound, decoded.segments);
    if (batches.refusedPoints > 0) {
      plan.refusals.add(
        'the run has reached its limit of series: log fewer metrics or attributes',
        batches.refusedPoints,
      );
    }
    for (const shard of batches.shards) {
      for (const block of decoded.blocks) arena.retain(block);
      telemetry.commit(shard, batches.commitOf(shard, sequence, logBytes), () => {
        for (const block of decoded.blocks) arena.release(block);
      });
    }
  }

  #answer(request: IngestRequest, plan: RequestPlan, isRepeated: boolean): IngestAnswer {
    const { decoded } = request;
    const refusals = new Refusals();
    for (const source of [decoded.refusals, plan.refusals]) {
      for (const [reason, count] of source.entries) {
        refusals.add(reason, count);
        this.refusals.add(reason, count);
      }
    }
    const rejected = refusals.total;
    this.statistics.requests++;
    this.statistics.points += decoded.points;
    this.statistics.records += decoded.records;
    this.statistics.refused += rejected;
    const items = Math.max(1, decoded.points + decoded.records);
    for (const bound of plan.bound) {
      const { runId } = bound;
      const amounts = isRepeated ? NOTHING : amountsOf(bound, request, items);
      this.#parts.onActivity({ runId, ...amounts, state: plan.changedRuns.has(runId) });
    }
    const message = [refusals.message, ...plan.warnings].filter((text) => text !== '').join('; ');
    return { status: 'stored', rejected, message };
  }
}

/** @param items - of the whole request. */
function amountsOf({ part, events }: RequestPlan['bound'][number], { decoded, body }: IngestRequest, items: number) {
  return {
    points: part.points,
    hasOwnPoints: hasOwnPoints(part, decoded.segments),
    events: events.length,
    bytes: body.length * ((part.points + events.length) / items),
  };
}
