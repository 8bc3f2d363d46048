import type { ControlClient } from '../control/control-client.ts';
import { whenRunIsKnown } from '../control/known-run.ts';
import { SimvueError } from '../errors.ts';
import { TEXTS } from '../option-kinds.ts';

interface AlertView {
  readonly id: string;
  readonly name: string;
}

/**
 * Attaches definitions that the server has to a run.
 *
 * @param wanted - names or ids.
 * @throws `SIMVUE_ERR_NOT_FOUND` that names those the server does not have.
 */
export async function attachExistingAlerts(
  control: ControlClient,
  runId: string,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (!TEXTS.accepts(wanted))
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', 'addAlerts needs a list of names or ids');
  const { data } = await control.jsonEventually<{ data: readonly AlertView[] }>({
    method: 'GET',
    path: '/alerts',
    signal,
  });
  const found = wanted.map((key) => data.find(({ id }) => id === key) ?? data.find(({ name }) => name === key));
  const missing = wanted.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) {
    throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `no alert with the name or id ${missing.join(', ')}`);
  }
  for (const { id } of found.filter((alert) => alert !== undefined)) {
    const path = `/runs/${encodeURIComponent(runId)}/alerts/${encodeURIComponent(id)}`;
    await whenRunIsKnown(() => control.jsonEventually({ method: 'PUT', path, signal }), signal);
  }
}
