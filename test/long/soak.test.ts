import { test } from 'vitest';
import { soak } from '../support/soak.ts';

test('ten minutes at a steady rate, over two ends of the collector', async () => {
  await soak({ seconds: 600, rate: 50_000, runs: 20 });
});
