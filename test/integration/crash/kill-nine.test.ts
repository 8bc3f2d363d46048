import { test } from 'vitest';
import { surviveKills } from '../../support/crash-rounds.ts';

test('after several kill -9 under load, every acknowledged point is there once', { timeout: 90_000 }, async () => {
  await surviveKills({ kills: 3, seconds: 5, rate: 60_000 });
});
