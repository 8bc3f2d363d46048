import type { RunStatus } from 'simvue-otel/semconv';
import type { RunChange } from './run-change.ts';
import {
  emptyLifecycle,
  foldLifecycle,
  isTerminal,
  type LifecycleData,
  type LifecycleState,
  lifecycleData,
  lifecycleState,
  lifecycleView,
} from './run-lifecycle.ts';
import { foldMetadata, type MetadataState, metadataOf } from './run-state-metadata.ts';
import { type Register, stampOf, stampTime, writeRegister } from './run-state-register.ts';
import { emptyTags, foldTags, type TagData, type TagState, tagData, tagState, tagsOf } from './run-state-tags.ts';
import type { AttributeValue } from './telemetry.ts';
import type { Visibility } from './visibility.ts';

/** Fields of which the last writer wins. */
const FIELDS = [
  'name',
  'folder',
  'description',
  'user',
  'tenant',
  'externalId',
  'heartbeatTimeoutSeconds',
  'retentionSeconds',
  'notification',
  'visibility',
] as const;
type Field = (typeof FIELDS)[number];
const TIMES = ['startedUnixNano', 'endedUnixNano'] as const;
type TimeField = (typeof TIMES)[number];

/** A run as its changes make it; undefined = never said. */
export interface RunView {
  readonly name: string | undefined;
  readonly folder: string | undefined;
  readonly description: string | undefined;
  readonly user: string | undefined;
  readonly tenant: string | undefined;
  readonly externalId: string | undefined;
  readonly heartbeatTimeoutSeconds: number | undefined;
  readonly retentionSeconds: number | undefined;
  readonly notification: string | undefined;
  readonly visibility: Visibility | undefined;
  readonly metadata: Readonly<Record<string, AttributeValue>>;
  readonly tags: readonly string[];
  readonly status: RunStatus;
  readonly attempt: number;
  /** Time of the lifecycle change that decided the status. */
  readonly changedUnixNano: bigint;
  readonly startedUnixNano: bigint | undefined;
  readonly endedUnixNano: bigint | undefined;
  readonly exitCode: number | undefined;
  readonly exitSignal: string | undefined;
}

/** The fold of a run's changes: their order and repetition do not matter. */
export class RunState {
  readonly #fields = new Map<Field, Register<AttributeValue>>();
  /** Explicit times, as decimal text. */
  readonly #times = new Map<TimeField, Register<string>>();
  readonly #metadata: MetadataState = new Map();
  #tags: TagState = emptyTags();
  #lifecycle: LifecycleState = emptyLifecycle();
  #firstSeen: bigint | undefined;

  fold(change: RunChange): void {
    const stamp = stampOf(change.timeUnixNano, change.uid);
    for (const field of FIELDS) {
      const value = change[field];
      if (value !== undefined) writeRegister(this.#fields, field, stamp, value as AttributeValue);
    }
    for (const field of TIMES) {
      const time = change[field];
      if (time !== undefined) writeRegister(this.#times, field, stamp, String(time));
    }
    foldMetadata(this.#metadata, stamp, change.metadataSet, change.metadataRemoved);
    foldTags(this.#tags, stamp, change);
    if (change.lifecycle !== undefined) foldLifecycle(this.#lifecycle, stamp, change.instance, change.lifecycle);
    const seen = change.firstSeenUnixNano;
    if (seen !== undefined && !(seen >= (this.#firstSeen ?? seen + 1n))) this.#firstSeen = seen;
  }

  view(): RunView {
    const { startedUnixNano, ...lifecycle } = lifecycleView(this.#lifecycle);
    const seen = startedUnixNano ?? (lifecycle.status === 'created' ? undefined : this.#firstSeen);
    return {
      name: this.#value('name'),
      folder: this.#value('folder'),
      description: this.#value('description'),
      user: this.#value('user'),
      tenant: this.#value('tenant'),
      externalId: this.#value('externalId'),
      heartbeatTimeoutSeconds: this.#value('heartbeatTimeoutSeconds'),
      retentionSeconds: this.#value('retentionSeconds'),
      notification: this.#value('notification'),
      visibility: this.#value('visibility'),
      metadata: metadataOf(this.#metadata),
      tags: tagsOf(this.#tags),
      startedUnixNano: this.#time('startedUnixNano', 0n) ?? seen,
      endedUnixNano: isTerminal(lifecycle.status)
        ? (this.#time('endedUnixNano', lifecycle.changedUnixNano) ?? lifecycle.changedUnixNano)
        : undefined,
      ...lifecycle,
    };
  }

  /** Everything, as JSON text. */
  serialize(): string {
    const data: StateData = {
      fields: [...this.#fields],
      ...(this.#times.size === 0 ? {} : { times: [...this.#times] }),
      metadata: [...this.#metadata],
      tags: tagData(this.#tags),
      lifecycle: lifecycleData(this.#lifecycle),
      firstSeen: this.#firstSeen?.toString(),
    };
    return JSON.stringify(data);
  }

  static parse(text: string): RunState {
    const data = JSON.parse(text) as StateData;
    const state = new RunState();
    for (const [field, register] of data.fields) state.#fields.set(field, register);
    for (const [field, register] of data.times ?? []) state.#times.set(field, register);
    for (const [path, register] of data.metadata) state.#metadata.set(path, register);
    state.#tags = tagState(data.tags);
    state.#lifecycle = lifecycleState(data.lifecycle);
    state.#firstSeen = data.firstSeen === undefined ? undefined : BigInt(data.firstSeen);
    return state;
  }

  /** An explicit time that was given at `sinceUnixNano` or later. */
  #time(field: TimeField, sinceUnixNano: bigint): bigint | undefined {
    const register = this.#times.get(field);
    return register !== undefined && stampTime(register[0]) >= sinceUnixNano ? BigInt(register[1]) : undefined;
  }

  #value<T>(field: Field): T | undefined {
    return this.#fields.get(field)?.[1] as T | undefined;
  }
}

interface StateData {
  readonly fields: readonly [Field, Register<AttributeValue>][];
  readonly times?: readonly [TimeField, Register<string>][];
  readonly metadata: readonly (MetadataState extends Map<infer K, infer V> ? [K, V] : never)[];
  readonly tags: TagData;
  readonly lifecycle: LifecycleData;
  readonly firstSeen: string | undefined;
}
