import { RESERVED_PREFIX, RESOURCE, RUN_EVENT, TOTAL_STEPS_KEY } from 'simvue-otel/semconv';
import { AttributeReader, defined } from './change-attributes.ts';
import { normalizeFolder } from './change-limits.ts';
import type { ResourceEntry } from './resource-entry.ts';
import type { RunChange } from './run-change.ts';
import { hashId } from './run-id.ts';
import type { Attributes, AttributeValue } from './telemetry.ts';
import { totalStepsOf } from './total-steps.ts';

const TOTAL_DIGITS = String(Number.MAX_SAFE_INTEGER).length;

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
  const metadata = metadataOf(reader);
  const change: RunChange = {
    timeUnixNano: 0n,
    uid: rankOf(metadata) + hashId('resource', canonicalJson(resource.attributes)),
    instance: resource.instance,
    ...(isCreated ? { lifecycle: { status: 'created' } } : {}),
    ...defined({
      firstSeenUnixNano,
      externalId: externalId ?? undefined,
      name: reader.name(RESOURCE.runName),
      folder: folder === undefined ? undefined : normalizeFolder(folder),
      description: reader.text(RESOURCE.runDescription),
      tagsAdded: reader.tags(RESOURCE.runTags),
      metadataSet: metadata,
      heartbeatTimeoutSeconds: reader.number(RESOURCE.runHeartbeatTimeout),
      retentionSeconds: reader.number(RESOURCE.runRetention),
      system: systemOf(resource.attributes),
    }),
  };
  return { change, problems: reader.problems };
}

/** Metadata of a resource, the total of steps that it says by its own name among them. */
function metadataOf(reader: AttributeReader): Record<string, AttributeValue> | undefined {
  const metadata = reader.metadata(RESOURCE.runMetadataPrefix);
  const total = reader.totalSteps(RESOURCE.runTotalSteps);
  if (total === undefined) return metadata;
  return Object.assign(metadata ?? Object.create(null), { [TOTAL_STEPS_KEY]: total });
}

/** Resources have no time: of those of one run the one with the most steps is the last word, as when it is started again to go on for longer. */
function rankOf(metadata: Record<string, AttributeValue> | undefined): string {
  const total = totalStepsOf(metadata ?? {});
  return total === null ? '' : String(total).padStart(TOTAL_DIGITS, '0');
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
