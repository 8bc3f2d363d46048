import type { ApiContext } from './api-context.ts';
import { removeArtifactsOfRun } from './artifact-content.ts';

/** Deletes a run and all that belongs to it; a tombstone stays. Asking again finishes what failed the first time. */
export async function deleteRun(context: ApiContext, id: string): Promise<void> {
  const { catalog, telemetry, resolver, live } = context;
  await catalog.deleteRun(id);
  await catalog.alerts.forgetRun(id);
  await catalog.grids.forgetRun(id);
  resolver.forget(id);
  await telemetry.deleteRun(id);
  await removeArtifactsOfRun(context, id);
  live.runDeleted(id);
}
