import { test } from 'vitest';
import { killAtRandom } from '../support/random-kills.ts';

test('programs and senders that are killed at random moments: every call that has returned is in the collector once', async () => {
  await killAtRandom(200);
});
