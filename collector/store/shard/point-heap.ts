import { POINT_BYTES } from '../../pipeline/staging.ts';

/** Sizes of blocks in points: a head begins small and moves to the next size when it is full. */
export const BLOCK_POINTS = [16, 64, 256, 1024] as const;
const SLAB_BYTES = 1 << 18;

/** Room for some points of one series. */
export interface PointBlock {
  readonly sizeClass: number;
  readonly capacity: number;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
}

/** Blocks of points cut from slabs and used again. */
export class PointHeap {
  readonly #free: PointBlock[][] = BLOCK_POINTS.map(() => []);
  /** Bytes of blocks in use. */
  liveBytes = 0;

  allocate(sizeClass: number): PointBlock {
    const free = this.#free[sizeClass] as PointBlock[];
    if (free.length === 0) this.#cutSlab(sizeClass, free);
    const block = free.pop() as PointBlock;
    this.liveBytes += block.capacity * POINT_BYTES;
    return block;
  }

  release(block: PointBlock): void {
    this.liveBytes -= block.capacity * POINT_BYTES;
    (this.#free[block.sizeClass] as PointBlock[]).push(block);
  }

  #cutSlab(sizeClass: number, free: PointBlock[]): void {
    const capacity = BLOCK_POINTS[sizeClass] as number;
    const bytes = capacity * POINT_BYTES;
    const slab = new ArrayBuffer(SLAB_BYTES);
    for (let at = 0; at + bytes <= SLAB_BYTES; at += bytes) {
      free.push({
        sizeClass,
        capacity,
        words: new Uint32Array(slab, at, bytes / 4),
        doubles: new Float64Array(slab, at, bytes / 8),
      });
    }
  }
}
