import { describe, expect, test } from 'vitest';
import { POINT_BYTES, StagingArena } from '../../../../collector/pipeline/staging.ts';

const limits = { blockBytes: 4 * POINT_BYTES, maxBlocks: 2 };

describe('the staging arena', () => {
  test('makes blocks on demand, says each once, and stops at its limit', () => {
    const made: number[] = [];
    const arena = new StagingArena((block) => made.push(block.index), limits);
    expect([made, arena.current.capacity, arena.hasRoom]).toEqual([[0], 4, true]);
    arena.retain(0);
    expect(arena.next()?.index).toBe(1);
    arena.retain(1);
    expect([made, arena.hasRoom, arena.next()]).toEqual([[0, 1], false, undefined]);
    expect(arena.allocatedBytes).toBe(2 * limits.blockBytes);
  });

  test('hands a block out again only when its last reference is gone', () => {
    const arena = new StagingArena(() => {}, limits);
    arena.retain(0);
    arena.retain(0);
    arena.next();
    arena.retain(1);
    arena.release(0);
    expect(arena.next()).toBeUndefined();
    arena.release(0);
    expect(arena.next()?.index).toBe(0);
    expect(arena.used).toBe(0);
  });

  test('starts the current block anew when nobody refers to it any more', () => {
    const arena = new StagingArena(() => {}, limits);
    arena.retain(0);
    arena.used = 3;
    arena.release(0);
    expect(arena.used).toBe(0);
  });
});
