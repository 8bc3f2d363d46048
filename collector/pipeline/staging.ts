/**
 * Where decoded points wait between the receiver and a shard: shared memory, so that no point is cloned between threads.
 *
 * One point is 32 bytes, little-endian: time_unix_nano as two u32 (low, high), value f64, step f64, run time f64 (seconds).
 * NaN in the step or run time word means "none". The value is copied as bits: NaN payloads survive.
 */
export const POINT_BYTES = 32;
export const POINT_WORDS = POINT_BYTES / 4;
export const POINT_DOUBLES = POINT_BYTES / 8;

/** Words (u32) of a point. */
export const TIME_LOW = 0;
export const TIME_HIGH = 1;
/** Doubles (f64) of a point. */
export const VALUE = 1;
export const STEP = 2;
export const RUN_TIME = 3;

/** One block of shared memory, seen as words and as doubles. */
export interface StagingBlock {
  readonly index: number;
  readonly buffer: SharedArrayBuffer;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  /** Points it holds at the most. */
  readonly capacity: number;
}

export interface StagingLimits {
  readonly blockBytes: number;
  readonly maxBlocks: number;
}

export const DEFAULT_STAGING_LIMITS: StagingLimits = { blockBytes: 1 << 20, maxBlocks: 96 };

/**
 * Hands out space for points, block after block, and takes a block back when nobody refers to it any more.
 *
 * A request writes its points with {@link StagingArena.current} and {@link StagingArena.used}; it retains each block it wrote once per
 * reader (shard) and the readers release it. Blocks are made on demand and reused.
 */
export class StagingArena {
  readonly #limits: StagingLimits;
  readonly #blocks: StagingBlock[] = [];
  readonly #references: number[] = [];
  readonly #onNewBlock: (block: StagingBlock) => void;
  #current: StagingBlock;
  /** Points used in the current block. */
  used = 0;

  /** @param onNewBlock - called once for each block made, before points are written to it (shards map it). */
  constructor(onNewBlock: (block: StagingBlock) => void, limits: StagingLimits = DEFAULT_STAGING_LIMITS) {
    this.#limits = limits;
    this.#onNewBlock = onNewBlock;
    this.#current = this.#grow();
  }

  get current(): StagingBlock {
    return this.#current;
  }

  block(index: number): StagingBlock {
    return this.#blocks[index] as StagingBlock;
  }

  /** True while a further block can be had: the receiver answers 503 before it reads a body when not. */
  get hasRoom(): boolean {
    return this.#blocks.length < this.#limits.maxBlocks || this.#free() !== undefined;
  }

  /** True when nobody refers to a block: all of the room is there. */
  get isIdle(): boolean {
    return this.#references.every((count) => count === 0);
  }

  /** Bytes of shared memory made so far. */
  get allocatedBytes(): number {
    return this.#blocks.length * this.#limits.blockBytes;
  }

  /** Makes the next free block current. @returns undefined when every block is in use. */
  next(): StagingBlock | undefined {
    const free = this.#free() ?? (this.#blocks.length < this.#limits.maxBlocks ? this.#grow() : undefined);
    if (free === undefined) return undefined;
    this.#current = free;
    this.used = 0;
    return free;
  }

  retain(index: number): void {
    this.#references[index] = (this.#references[index] as number) + 1;
  }

  release(index: number): void {
    const left = (this.#references[index] as number) - 1;
    this.#references[index] = left;
    if (left === 0 && index === this.#current.index) this.used = 0;
  }

  #free(): StagingBlock | undefined {
    return this.#blocks.find((block) => this.#references[block.index] === 0 && block !== this.#current);
  }

  #grow(): StagingBlock {
    const buffer = new SharedArrayBuffer(this.#limits.blockBytes);
    const block: StagingBlock = {
      index: this.#blocks.length,
      buffer,
      words: new Uint32Array(buffer),
      doubles: new Float64Array(buffer),
      capacity: Math.floor(this.#limits.blockBytes / POINT_BYTES),
    };
    this.#blocks.push(block);
    this.#references.push(0);
    this.#onNewBlock(block);
    return block;
  }
}
