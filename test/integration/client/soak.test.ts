import { test } from 'vitest';
import { soakClient } from '../../support/client-soak.ts';

test('a thousand points a second, the collector killed and restarted twice: nothing is lost or doubled', async () => {
  await soakClient({ seconds: 3, restarts: 2, downSeconds: 0.3 });
});
