import type { ApiContext } from './api-context.ts';

/** Deletes a run and all that belongs to it; a tombstone stays. Asking again finishes what failed the first time. */
export async function deleteRun({ catalog, telemetry, resolver, live }: ApiContext, id: string): Promise<void> {
  await catalog.deleteRun(id);
  await catalog.alerts.forgetRun(id);
  await catalog.grids.forgetRun(id);
  resolver.forget(id);
  await telemetry.deleteRun(id);
  live.runDeleted(id);
}
