import { setImmediate } from 'node:timers/promises';
import type { Principal } from '../pipeline/principal.ts';
import { isTerminal } from '../pipeline/run-lifecycle.ts';
import type { Progress } from '../pipeline/standstills.ts';
import { canRead } from '../pipeline/visibility.ts';
import type { RunRow } from '../store/catalog-store.ts';
import type { ApiContext } from './api-context.ts';
import { runOrigin } from './views.ts';

/** A run that writes each second is quiet for longer than that when it writes a checkpoint. */
const LEAST_QUIET_SECONDS = 300;
const QUIET_PAUSES = 10;
/** Silent runs that are looked at for one answer, and before other requests get their turn. */
const MOST_LOOKED_AT = 1000;
const RUNS_A_TURN = 50;

export interface Stalled {
  readonly run: RunRow;
  readonly progress: Progress;
  readonly pauseSeconds: number;
}

/**
 * Running runs without a new point for ten of their usual pauses, and five minutes; the longest silent first.
 *
 * @param nowMs - wall time, milliseconds since the epoch.
 */
export async function stalledRuns(
  {
    catalog,
    standstills,
  }: Pick<ApiContext, 'standstills'> & { readonly catalog: Pick<ApiContext['catalog'], 'getRun'> },
  principal: Principal,
  { count, nowMs }: { readonly count: number; readonly nowMs: number },
): Promise<readonly Stalled[]> {
  const found: Stalled[] = [];
  let looked = 0;
  for (const runId of standstills.since(nowMs - LEAST_QUIET_SECONDS * 1000)) {
    if (found.length === count || ++looked > MOST_LOOKED_AT) break;
    if (looked % RUNS_A_TURN === 0) await setImmediate();
    const run = await catalog.getRun(runId);
    if (run === undefined || isTerminal(run.status)) standstills.forget(runId);
    else if (run.status === 'running' && canRead(principal, run)) {
      const progress = await standstills.progressOf(runId);
      if (progress === undefined) continue;
      const lastSeconds = Number(progress.lastTimeUnixNano) / 1e9;
      const pauseSeconds = Math.max(0, lastSeconds - Number(runOrigin(run)) / 1e9) / progress.points;
      const quietSeconds = nowMs / 1000 - lastSeconds;
      if (quietSeconds > QUIET_PAUSES * pauseSeconds) found.push({ run, progress, pauseSeconds });
    }
  }
  return found;
}
