import { RESERVED_PREFIX, RESOURCE, RUN_EVENT } from 'simvue-otel/semconv';
import { AttributeReader, defined } from './change-attributes.ts';
import { normalizeFolder } from './change-limits.ts';
import type { ResourceEntry } from './resource-entry.ts';
import type { RunChange } from './run-change.ts';
import { hashId } from './run-id.ts';
import type { Attributes, AttributeValue } from './telemetry.ts';

/**
 * What a resource says of its run: a change at time 0, so that any later word wins.
 *
 * @param firstSeenUnixNano - event time of the data it came with.
 */
export function resourceChange(
  resource: ResourceEntry,
  externalId: string | null,
  firstSeenUnixNano: bigint | undefined,
): { change: RunChange; problems: readonly string[] } {
  const reader = new AttributeReader(resource.attributes);
  const isCreated = resource.attributes[RUN_EVENT.status] === 'created';
  const folder = reader.name(RESOURCE.runFolder);
  const change: RunChange = {
    timeUnixNano: 0n,
    uid: hashId('resource', canonicalJson(resource.attributes)),
    instance: resource.instance,
    ...(isCreated ? { lifecycle: { status: 'created' } } : {}),
    ...defined({
      firstSeenUnixNano,
      externalId: externalId ?? undefined,
      name: reader.name(RESOURCE.runName),
      folder: folder === undefined ? undefined : normalizeFolder(folder),
      description: reader.text(RESOURCE.runDescription),
      tagsAdded: reader.tags(RESOURCE.runTags),
      metadataSet: reader.under(RESOURCE.runMetadataPrefix),
      heartbeatTimeoutSeconds: reader.number(RESOURCE.runHeartbeatTimeout),
      retentionSeconds: reader.number(RESOURCE.runRetention),
      system: systemOf(resource.attributes),
    }),
  };
  return { change, problems: reader.problems };
}

/** Attributes as JSON in the order of their keys: the same resource always gives the same text. */
export function canonicalJson(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Attributes of host, process, service …: everything that is not ours. */
function systemOf(attributes: Attributes): Record<string, AttributeValue> | undefined {
  const system: Record<string, AttributeValue> = Object.create(null);
  for (const [key, value] of Object.entries(attributes)) if (!key.startsWith(RESERVED_PREFIX)) system[key] = value;
  return Object.keys(system).length > 0 ? system : undefined;
}
