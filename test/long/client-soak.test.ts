import { expect, test } from 'vitest';
import { soakClient } from '../support/client-soak.ts';

const SECONDS = 600;
/** Garbage that is not yet collected comes and goes. */
const GROWTH_MEBIBYTES = 24;

test('ten minutes of a thousand points a second, the collector away half of the time: nothing is lost or doubled, memory is flat', async () => {
  const samples = await soakClient({ seconds: SECONDS, restarts: 10, downSeconds: 27 });
  const highest = (from: number, to: number) => Math.max(...samples.slice(from * samples.length, to * samples.length));
  expect(highest(0.75, 1)).toBeLessThan(highest(0.25, 0.5) + GROWTH_MEBIBYTES);
});
