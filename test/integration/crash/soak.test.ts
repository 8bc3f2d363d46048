import { test } from 'vitest';
import { soak } from '../../support/soak.ts';

test('a few seconds at a steady rate, over two ends of the collector', async () => {
  await soak({ seconds: 4, rate: 5_000, runs: 4 });
});
