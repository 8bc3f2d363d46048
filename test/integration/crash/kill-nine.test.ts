import { test } from 'vitest';
import { surviveKills } from '../../support/crash-rounds.ts';

test('after several kill -9 under load, every acknowledged point is there once', { timeout: 90_000 }, async () => {
  await surviveKills({ kills: 4, seconds: 7, rate: 200_000 });
});
