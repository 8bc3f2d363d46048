import type { ControlAddress } from '../endpoints.ts';
import { SimvueError } from '../errors.ts';
import { ControlClient } from './control-client.ts';

/** What must be known of a run to go on with it. */
export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly status: string;
  /** From 1 on; only our collector tells. */
  readonly attempt?: number;
}

const MAX_LISTED = 10;

/**
 * Finds the run that `reconnect` means: by id, or by name among the runs that are `created`.
 *
 * @throws `SIMVUE_ERR_NOT_FOUND`; `SIMVUE_ERR_CONFLICT` with the ids when several runs have the name.
 */
export async function findRun(address: ControlAddress, nameOrId: string): Promise<FoundRun> {
  const control = new ControlClient(address);
  try {
    return await findRunAmong(control, nameOrId, 'created');
  } finally {
    await control.close();
  }
}

/**
 * Finds a run by id, by what its program calls it, or by name.
 *
 * @param status - only runs with it are looked for by name.
 * @throws as {@link findRun}; ids of the newest runs come first.
 */
export async function findRunAmong(control: ControlClient, nameOrId: string, status?: string): Promise<FoundRun> {
  const byId = await readRun(control, nameOrId);
  if (byId !== undefined) return byId;
  const query = {
    filters: JSON.stringify([`name == ${nameOrId}`, ...(status === undefined ? [] : [`status == ${status}`])]),
    start: '0',
    count: String(MAX_LISTED),
  };
  const { count, data } = await control.json<RunList>({ method: 'GET', path: '/runs', query });
  const [run] = data;
  const which = status === undefined ? '' : `${status} `;
  if (run === undefined) {
    throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `no run has the id, and no ${which}run the name "${nameOrId}"`);
  }
  if (count === 1) return run;
  const ids = data.map(({ id }) => id).join(', ');
  const rest = count > data.length ? ', …' : '';
  throw new SimvueError(
    'SIMVUE_ERR_CONFLICT',
    `${count} ${which}runs have the name "${nameOrId}": give an id (${ids}${rest})`,
  );
}

interface RunList {
  readonly count: number;
  readonly data: readonly FoundRun[];
}

async function readRun(control: ControlClient, id: string): Promise<FoundRun | undefined> {
  try {
    return await control.json<FoundRun>({ method: 'GET', path: `/runs/${encodeURIComponent(id)}` });
  } catch (error) {
    if (error instanceof SimvueError && error.code === 'SIMVUE_ERR_NOT_FOUND') return undefined;
    throw error;
  }
}
