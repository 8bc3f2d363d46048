import type { Principal } from './principal.ts';
import type { ResourcePart } from './telemetry-batch.ts';

/** What the resolver must know of the request besides the part. */
export interface ResolveContext {
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly principal: Principal;
  /** On replay: the run chosen when the request was first received, for a resource without process identity. */
  readonly recordedChoice?: string | undefined;
}

/** The run a part belongs to, or why it has none. `choice` is set when the request alone does not determine the run. */
export type Resolution =
  | {
      readonly runId: string;
      readonly choice?: string;
      /** What of the resource was left out, and the fix. */
      readonly problems?: readonly string[];
    }
  | {
      readonly refused: string;
      /** Set when the same will be taken later: seconds until then. */
      readonly retryAfterSeconds?: number;
    };

/** Resource → run, by the rules of the wire contract; makes the run if it is new. */
export interface RunResolver {
  /** A plain value when the answer is in memory (the usual case), else a promise. */
  resolve(part: ResourcePart, context: ResolveContext): Resolution | Promise<Resolution>;
  /** Forgets bindings to a deleted run. */
  forget(runId: string): void;
}

/** What the pipeline tells others of a stored request; coalesced by the live hub. */
export interface RunActivity {
  readonly runId: string;
  readonly points: number;
  /** Whether one of them is the program's own, and not of what its processes use. */
  readonly hasOwnPoints: boolean;
  readonly events: number;
  /** What was received for the run: its share of the request. */
  readonly bytes: number;
  /** True when name, status, tags, metadata … may be different. */
  readonly state: boolean;
}
