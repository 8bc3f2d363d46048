import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { errorText, request } from './request.ts';

const path = (id: string, rest = '') => `/api/runs/${encodeURIComponent(id)}${rest}`;

/** What of a run can be changed on the page. */
export interface RunChange {
  readonly name?: string;
  readonly folder?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Record<string, unknown>;
}

export const changeRun = (id: string, body: RunChange): Promise<unknown> => request(path(id), { method: 'PUT', body });

/** Attaches one more alert to the run. */
export const attachAlert = (id: string, alert: string): Promise<unknown> =>
  request(path(id, `/alerts/${encodeURIComponent(alert)}`), { method: 'PUT' });

export const starRun = (id: string, starred: boolean): Promise<unknown> =>
  request(path(id, '/starred'), { method: 'PUT', body: { starred } });

/** Asks the run's program to stop. */
export const abortRun = (id: string): Promise<unknown> =>
  request(path(id, '/abort'), { method: 'PUT', body: { reason: 'asked for on the page' } });

/** Deletes all of these runs or none; goes on when the page is left. */
export const deleteRuns = (ids: readonly string[]): Promise<unknown> =>
  request('/api/runs', {
    method: 'DELETE',
    query: new URLSearchParams({ runs: JSON.stringify(ids) }),
    outlivesPage: true,
  });

/** @param colour - place in the palette; null = the one that follows from the id. */
export const chooseColour = (id: string, colour: number | null): Promise<unknown> =>
  request(path(id, '/colour'), { method: 'PUT', body: { colour } });

const AT_ONCE = 6;

/**
 * Does the same to several runs, a few at a time.
 *
 * @returns the runs of which it failed, with the reason.
 */
export async function forEachRun<R extends Pick<RunListItem, 'id' | 'name'>>(
  runs: readonly R[],
  work: (run: R) => Promise<unknown>,
): Promise<{ run: R; reason: string }[]> {
  const failed: { run: R; reason: string }[] = [];
  const queue = [...runs];
  const worker = async () => {
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      try {
        await work(run);
      } catch (error) {
        failed.push({ run, reason: errorText(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed;
}
