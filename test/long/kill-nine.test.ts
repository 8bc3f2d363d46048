import { describe, test } from 'vitest';
import { surviveKills } from '../support/crash-rounds.ts';

describe('after many kill -9, every acknowledged point is there once', () => {
  test.each([1, 2, 3, 4, 5])('load %i: as fast as it answers', async () => {
    await surviveKills({ kills: 8, seconds: 12, rate: 0 });
  });

  test.each([6, 7, 8])('load %i: at a steady rate', async () => {
    await surviveKills({ kills: 20, seconds: 30, rate: 100_000 });
  });
});
