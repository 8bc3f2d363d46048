import fc from 'fast-check';
import { expect, it } from 'vitest';
import { POINT_BYTES } from '../../../../collector/pipeline/staging.ts';
import { BLOCK_POINTS, type PointBlock, PointHeap } from '../../../../collector/store/shard/point-heap.ts';

const LARGE = BLOCK_POINTS.length - 1;
const take = (heap: PointHeap, count: number, sizeClass: number): PointBlock[] =>
  Array.from({ length: count }, () => heap.allocate(sizeClass));

it('blocks in use never overlap, whatever is taken and given back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ sizeClass: fc.nat(LARGE), isRelease: fc.boolean(), which: fc.nat() })),
      (steps) => {
        const heap = new PointHeap();
        const used: PointBlock[] = [];
        for (const { sizeClass, isRelease, which } of steps) {
          const [block] = isRelease ? used.splice(which % Math.max(1, used.length), 1) : [];
          if (block !== undefined) heap.release(block);
          else used.push(heap.allocate(sizeClass));
          heap.trim();
        }
        const sizeOf = ({ sizeClass }: PointBlock): number => BLOCK_POINTS[sizeClass] ?? 0;
        expect(heap.liveBytes).toBe(used.reduce((sum, block) => sum + sizeOf(block) * POINT_BYTES, 0));
        for (const block of used) {
          expect(block.at + sizeOf(block)).toBeLessThanOrEqual(block.slab.words.length / (POINT_BYTES / 4));
          const others = used.filter((other) => other !== block && other.slab === block.slab);
          expect(
            others.every((other) => other.at >= block.at + sizeOf(block) || block.at >= other.at + sizeOf(other)),
          ).toBe(true);
        }
      },
    ),
  );
});

it('room that is not needed any more is given back a part at a time, and some is kept', () => {
  const heap = new PointHeap();
  for (const block of take(heap, 100_000, 1)) heap.release(block);
  expect(heap.trim()).toBe(0);
  const first = heap.trim();
  expect(first).toBeGreaterThan(0);
  let returned = first;
  for (let turn = 0; turn < 50; turn++) returned += heap.trim();
  const bytes = 100_000 * 64 * POINT_BYTES;
  expect(returned).toBeGreaterThan(first);
  expect(returned).toBeGreaterThan(bytes * 0.9);
  expect(returned).toBeLessThan(bytes);
});

it('room that is needed again and again is not given back, also by heads of another size', () => {
  const heap = new PointHeap();
  for (let wave = 0; wave < 10; wave++) {
    for (const block of take(heap, wave % 2 === 0 ? 80_000 : 20_000, wave % 2)) heap.release(block);
    expect(heap.trim()).toBe(0);
  }
});
