import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { temporarySpool } from '../../support/journal-end.ts';

const PROGRAM = fileURLToPath(new URL('./programs/other-realm.mjs', import.meta.url));

test('in a realm of its own, as under Jest, everything is recorded and delivered', async () => {
  await using collector = await CollectorProcess.start();
  await using spool = await temporarySpool();
  const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: collector.url };
  const program = new TestProcess('node', ['--experimental-vm-modules', PROGRAM], environment);
  const { code, stdout, stderr } = await program.exited;
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain('SimvueWarning');
  const { id, closed } = JSON.parse(stdout) as { id: string; closed: boolean };
  expect(closed).toBe(true);
  const { rest } = collector;
  const metadata = expect.objectContaining({ 'n.m': 1, at: '1970-01-01T00:00:00.000Z' });
  expect(await rest.run(id)).toMatchObject({ status: 'completed', metadata });
  expect(await rest.metricValues([id], ['a'])).toEqual({ [id]: { a: [{ step: 0, value: 1 }] } });
  expect((await rest.events(id)).data).toMatchObject([{ message: 'RangeError: of the realm' }]);
  expect(await rest.get(`/runs/${id}/artifacts`)).toMatchObject([{ name: 'map' }]);
});
