import { type RunStatus, TERMINAL_STATUSES } from 'simvue-otel/semconv';
import type { RunChange } from './run-change.ts';
import { type Register, type Stamp, stampTime } from './run-state-register.ts';

type Lifecycle = NonNullable<RunChange['lifecycle']>;

interface Attempt {
  /** Earliest stamp of the attempt: what is not told to belong to an attempt and is older does not count for it. */
  first: Stamp;
  last: Register<Lifecycle>;
}

/** Lifecycle changes of a run: of each attempt the last one, and the last one that names no attempt. */
export interface LifecycleState {
  readonly attempts: Map<number, Attempt>;
  unnamed: Register<Lifecycle> | undefined;
  /** Earliest `running`. */
  firstRunning: Stamp | undefined;
}

/** What the lifecycle changes amount to. */
export interface LifecycleView {
  readonly status: RunStatus;
  readonly attempt: number;
  /** Time of the change that decided; 0 when only the resource was seen. */
  readonly changedUnixNano: bigint;
  readonly startedUnixNano: bigint | undefined;
  readonly exitCode: number | undefined;
  readonly exitSignal: string | undefined;
}

export function emptyLifecycle(): LifecycleState {
  return { attempts: new Map(), unnamed: undefined, firstRunning: undefined };
}

/** A member's end ends its process only. */
export function foldLifecycle(state: LifecycleState, stamp: Stamp, change: Lifecycle): void {
  if (change.role === 'member' && isTerminal(change.status)) return;
  if (change.status === 'running' && stampTime(stamp) > 0n && !(stamp >= (state.firstRunning ?? '~'))) {
    state.firstRunning = stamp;
  }
  if (change.attempt === undefined) {
    if (state.unnamed === undefined || stamp >= state.unnamed[0]) state.unnamed = [stamp, change];
    return;
  }
  const attempt = state.attempts.get(change.attempt);
  if (attempt === undefined) {
    state.attempts.set(change.attempt, { first: stamp, last: [stamp, change] });
    return;
  }
  if (stamp < attempt.first) attempt.first = stamp;
  if (stamp >= attempt.last[0]) attempt.last = [stamp, change];
}

export function lifecycleView(state: LifecycleState): LifecycleView {
  const number = Math.max(0, ...state.attempts.keys());
  const newest = state.attempts.get(number);
  const { unnamed } = state;
  let winner = newest?.last;
  const countsUnnamed = unnamed !== undefined && (newest === undefined || unnamed[0] >= newest.first);
  if (countsUnnamed && (winner === undefined || unnamed[0] > winner[0])) winner = unnamed;
  const [stamp, change] = winner ?? [undefined, undefined];
  return {
    status: change?.status ?? 'running',
    attempt: Math.max(1, number),
    changedUnixNano: stamp === undefined ? 0n : stampTime(stamp),
    startedUnixNano: state.firstRunning === undefined ? undefined : stampTime(state.firstRunning),
    exitCode: change?.exitCode,
    exitSignal: change?.exitSignal,
  };
}

export function isTerminal(status: RunStatus): boolean {
  return (TERMINAL_STATUSES as readonly RunStatus[]).includes(status);
}
