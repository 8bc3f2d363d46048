import type { Forwarding } from 'simvue-otel/exporter';
import type { ArtifactFiles } from '../store/artifact-files.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { Delivery } from './delivery.ts';
import type { ExportHealth } from './export-health.ts';

/** What artifacts, alerts, grids and folders are read from and sent with. */
export interface ItemParts {
  /** Id of the target in the catalogue. */
  readonly target: number;
  readonly catalog: Pick<CatalogStore, 'exports' | 'artifacts' | 'alerts' | 'grids'>;
  readonly telemetry: Pick<TelemetryStore, 'arrayAt'>;
  readonly files: Pick<ArtifactFiles, 'read'>;
  readonly forwarding: Forwarding;
  readonly delivery: Delivery;
  readonly health: ExportHealth;
}

/** A run here, and its id at the target. */
export interface RunPlace {
  readonly runId: string;
  readonly remoteId: string;
}

/** State of an item that the target does not take: it is not tried again. */
export const REFUSED = 'refused';

/**
 * Does something until the target takes or refuses it.
 *
 * @param what - goes before the code of a refusal in the counter, one of few.
 * @returns undefined when it was refused, which is counted.
 */
export async function untilTaken<Result>(
  { delivery, health }: Pick<ItemParts, 'delivery' | 'health'>,
  what: string,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  let taken: { readonly result: Result } | undefined;
  const refused = await delivery.attempt(async () => {
    taken = { result: await work() };
  });
  if (refused !== undefined) health.refuse(`${what}: ${refused.code}`, 1, `${what}: ${refused.message}`);
  return taken;
}
