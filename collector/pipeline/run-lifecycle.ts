import { type RunStatus, TERMINAL_STATUSES } from 'simvue-otel/semconv';
import type { RunChange } from './run-change.ts';
import { type Register, type Stamp, stampTime, writeRegister } from './run-state-register.ts';

type Lifecycle = NonNullable<RunChange['lifecycle']>;
type Role = NonNullable<Lifecycle['role']>;

/** The last lifecycle change of one kind: of the owner, of a member, or of an instance whose role is said elsewhere or nowhere. */
interface Word {
  readonly stamp: Stamp;
  readonly instance: string;
  readonly change: Lifecycle;
}

/**
 * Lifecycle changes of a run. A role may arrive after the changes it qualifies, so those without a role are kept by instance;
 * of those that name an attempt only the newest attempt's are kept.
 */
export interface LifecycleState {
  attempt: number;
  readonly words: Map<string, Word>;
  readonly roles: Map<string, Register<Role>>;
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
  return { attempt: 0, words: new Map(), roles: new Map(), firstRunning: undefined };
}

export function foldLifecycle(state: LifecycleState, stamp: Stamp, instance: string, change: Lifecycle): void {
  const { attempt, role, status } = change;
  if (role !== undefined) writeRegister(state.roles, instance, stamp, role);
  const isStart = status === 'running' && stampTime(stamp) > 0n;
  if (isStart && (state.firstRunning === undefined || stamp < state.firstRunning)) state.firstRunning = stamp;
  if (attempt !== undefined && attempt > state.attempt) {
    state.attempt = attempt;
    for (const [key, word] of state.words) if (word.change.attempt !== undefined) state.words.delete(key);
  }
  if (attempt !== undefined && attempt < state.attempt) return;
  const key = JSON.stringify([role ?? instance, role !== undefined, isTerminal(status), attempt !== undefined]);
  const current = state.words.get(key);
  if (current === undefined || current.stamp <= stamp) state.words.set(key, { stamp, instance, change });
}

export function lifecycleView(state: LifecycleState): LifecycleView {
  const word = decidingWord(state);
  return {
    status: word?.change.status ?? 'running',
    attempt: Math.max(1, state.attempt),
    changedUnixNano: word === undefined ? 0n : stampTime(word.stamp),
    startedUnixNano: state.firstRunning === undefined ? undefined : stampTime(state.firstRunning),
    exitCode: word?.change.exitCode,
    exitSignal: word?.change.exitSignal,
  };
}

/** A member's end is that of its process only; once the owner has ended the run, a member that starts late does not revive it. */
function decidingWord(state: LifecycleState): Word | undefined {
  let own: Word | undefined;
  let live: Word | undefined;
  for (const word of state.words.values()) {
    const role = word.change.role ?? state.roles.get(word.instance)?.[1] ?? 'owner';
    if (role === 'owner' && isLater(word, own)) own = word;
    if (!isTerminal(word.change.status) && isLater(word, live)) live = word;
  }
  return own !== undefined && isTerminal(own.change.status) ? own : live;
}

function isLater(word: Word, than: Word | undefined): boolean {
  return than === undefined || word.stamp > than.stamp;
}

export function isTerminal(status: RunStatus): boolean {
  return (TERMINAL_STATUSES as readonly RunStatus[]).includes(status);
}

export interface LifecycleData {
  readonly attempt: number;
  readonly words: readonly (readonly [string, Word])[];
  readonly roles: readonly (readonly [string, Register<Role>])[];
  readonly firstRunning: Stamp | undefined;
}

export function lifecycleData({ attempt, words, roles, firstRunning }: LifecycleState): LifecycleData {
  return { attempt, words: [...words], roles: [...roles], firstRunning };
}

export function lifecycleState({ attempt, words, roles, firstRunning }: LifecycleData): LifecycleState {
  return { attempt, words: new Map(words), roles: new Map(roles), firstRunning };
}
