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
import { type Register, stampOf, writeRegister } from './run-state-register.ts';
import { emptyTags, foldTags, type TagData, type TagState, tagData, tagState, tagsOf } from './run-state-tags.ts';
import type { AttributeValue } from './telemetry.ts';

/** Fields of which the last writer wins. */
const FIELDS = [
  'name',
  'folder',
  'description',
  'user',
  'externalId',
  'heartbeatTimeoutSeconds',
  'retentionSeconds',
  'notification',
  'visibility',
] as const;
type Field = (typeof FIELDS)[number];

/** A run as its changes make it; undefined = never said. */
export interface RunView {
  readonly name: string | undefined;
  readonly folder: string | undefined;
  readonly description: string | undefined;
  readonly user: string | undefined;
  readonly externalId: string | undefined;
  readonly heartbeatTimeoutSeconds: number | undefined;
  readonly retentionSeconds: number | undefined;
  readonly notification: string | undefined;
  readonly visibility: string | undefined;
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
  readonly #metadata: MetadataState = new Map();
  #tags: TagState = emptyTags();
  #lifecycle: LifecycleState = emptyLifecycle();
  #firstSeen: bigint | undefined;

  fold(change: RunChange): void {
    const stamp = stampOf(change.timeUnixNano, change.uid);
    for (const field of FIELDS) {
      const value = change[field];
      if (value !== undefined) writeRegister(this.#fields, field, stamp, value);
    }
    foldMetadata(this.#metadata, stamp, change.metadataSet, change.metadataRemoved);
    foldTags(this.#tags, stamp, change);
    if (change.lifecycle !== undefined) foldLifecycle(this.#lifecycle, stamp, change.instance, change.lifecycle);
    const seen = change.firstSeenUnixNano;
    if (seen !== undefined && !(seen >= (this.#firstSeen ?? seen + 1n))) this.#firstSeen = seen;
  }

  view(): RunView {
    const { startedUnixNano, ...lifecycle } = lifecycleView(this.#lifecycle);
    const started = startedUnixNano ?? (lifecycle.status === 'created' ? undefined : this.#firstSeen);
    return {
      name: this.#value('name'),
      folder: this.#value('folder'),
      description: this.#value('description'),
      user: this.#value('user'),
      externalId: this.#value('externalId'),
      heartbeatTimeoutSeconds: this.#value('heartbeatTimeoutSeconds'),
      retentionSeconds: this.#value('retentionSeconds'),
      notification: this.#value('notification'),
      visibility: this.#value('visibility'),
      metadata: metadataOf(this.#metadata),
      tags: tagsOf(this.#tags),
      startedUnixNano: started,
      endedUnixNano: isTerminal(lifecycle.status) ? lifecycle.changedUnixNano : undefined,
      ...lifecycle,
    };
  }

  /** Everything, as JSON text. */
  serialize(): string {
    const data: StateData = {
      fields: [...this.#fields],
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
    for (const [path, register] of data.metadata) state.#metadata.set(path, register);
    state.#tags = tagState(data.tags);
    state.#lifecycle = lifecycleState(data.lifecycle);
    state.#firstSeen = data.firstSeen === undefined ? undefined : BigInt(data.firstSeen);
    return state;
  }

  #value<T>(field: Field): T | undefined {
    return this.#fields.get(field)?.[1] as T | undefined;
  }
}

interface StateData {
  readonly fields: readonly [Field, Register<AttributeValue>][];
  readonly metadata: readonly (MetadataState extends Map<infer K, infer V> ? [K, V] : never)[];
  readonly tags: TagData;
  readonly lifecycle: LifecycleData;
  readonly firstSeen: string | undefined;
}
