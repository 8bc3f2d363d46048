import { POINT_BYTES, POINT_WORDS } from '../../pipeline/staging.ts';

/** Sizes of blocks in points: a head begins small and moves to the next size when it is full. */
export const BLOCK_POINTS = [16, 64, 256, 1024] as const;
const SLAB_POINTS = 8_192;
const SLAB_BYTES = SLAB_POINTS * POINT_BYTES;
/** Slabs without a block that are kept for the next ones, and those given back in one turn. */
const KEPT_SLABS = 64;
const SLABS_A_TRIM = 64;

/** Memory that is cut into blocks of one size, and into those of another when all are free. */
interface Slab {
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  /** Places of blocks that are not in use, in points. */
  readonly free: number[];
}

/** Room for some points of one series. */
export interface PointBlock {
  readonly sizeClass: number;
  readonly slab: Slab;
  /** Place in the slab, in points. */
  readonly at: number;
}

/** Blocks of points cut from slabs and used again. */
export class PointHeap {
  /** Slabs with a block in use and a free one, by size of their blocks. */
  readonly #open = BLOCK_POINTS.map(() => new Set<Slab>());
  readonly #spare: Slab[] = [];
  /** Fewest spare slabs since the last trim: so many have not been needed. */
  #leastSpare = 0;
  /** Bytes of blocks in use. */
  liveBytes = 0;

  allocate(sizeClass: number): PointBlock {
    const open = this.#open[sizeClass] as Set<Slab>;
    const capacity = BLOCK_POINTS[sizeClass] as number;
    let [slab] = open;
    if (slab === undefined) {
      slab = this.#cutSlab(capacity);
      open.add(slab);
    }
    const at = slab.free.pop() as number;
    if (slab.free.length === 0) open.delete(slab);
    this.liveBytes += capacity * POINT_BYTES;
    return { sizeClass, slab, at };
  }

  release({ sizeClass, slab, at }: PointBlock): void {
    const open = this.#open[sizeClass] as Set<Slab>;
    const capacity = BLOCK_POINTS[sizeClass] as number;
    this.liveBytes -= capacity * POINT_BYTES;
    slab.free.push(at);
    if (slab.free.length * capacity < SLAB_POINTS) {
      open.add(slab);
      return;
    }
    open.delete(slab);
    slab.free.length = 0;
    this.#spare.push(slab);
  }

  /** Gives some slabs back that were not needed since it was called last. @returns their bytes. */
  trim(): number {
    const surplus = Math.max(0, Math.min(this.#leastSpare, this.#spare.length - KEPT_SLABS, SLABS_A_TRIM));
    this.#spare.length -= surplus;
    this.#leastSpare = this.#spare.length;
    return surplus * SLAB_BYTES;
  }

  #cutSlab(blockPoints: number): Slab {
    const slab = this.#spare.pop() ?? this.#makeSlab();
    this.#leastSpare = Math.min(this.#leastSpare, this.#spare.length);
    for (let at = 0; at < SLAB_POINTS; at += blockPoints) slab.free.push(at);
    return slab;
  }

  #makeSlab(): Slab {
    const words = new Uint32Array(SLAB_POINTS * POINT_WORDS);
    return { words, doubles: new Float64Array(words.buffer), free: [] };
  }
}
