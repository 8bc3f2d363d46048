import { type AttributeMap, flattenMetadata } from './attributes.ts';
import { type FolderDetails, type InitOptions, normalizeFolder } from './run-options.ts';
import { RunTags } from './run-tags.ts';
import { RUN_EVENT, TOTAL_STEPS_KEY } from './semconv.ts';

/** Attributes of the change that `setFolderDetails` makes; `problems` gets what is left out of metadata and tags. */
export function folderUpdate(path: string, details: FolderDetails, problems: string[]): AttributeMap {
  const attributes: AttributeMap = new Map([[RUN_EVENT.folderPath, normalizeFolder(path)]]);
  flattenMetadata(details.metadata ?? {}, RUN_EVENT.folderMetadataPrefix, problems, attributes);
  if (details.tags !== undefined) attributes.set(RUN_EVENT.folderTags, new RunTags().set(details.tags, problems));
  if (details.description !== undefined) attributes.set(RUN_EVENT.folderDescription, details.description);
  return attributes;
}

/** Attributes of the change that says how many steps the run will make; every server keeps metadata. */
export function totalStepsUpdate(totalSteps: number): AttributeMap {
  return new Map([[RUN_EVENT.metadataPrefix + TOTAL_STEPS_KEY, totalSteps]]);
}

/** Attributes of what `init` sets and a resource cannot say, or not so that the newest attempt wins; empty when there is nothing. */
export function settingsUpdate({ notification, visibility, totalSteps }: InitOptions): AttributeMap {
  const attributes = totalSteps === undefined ? new Map() : totalStepsUpdate(totalSteps);
  if (notification !== undefined) attributes.set(RUN_EVENT.notification, notification);
  if (visibility !== undefined) {
    attributes.set(
      RUN_EVENT.visibility,
      typeof visibility === 'string' ? visibility : visibility.join(',') || 'private',
    );
  }
  return attributes;
}
