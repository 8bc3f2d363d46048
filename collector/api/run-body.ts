import { MAX_METADATA_VALUE_BYTES, TOTAL_STEPS_KEY } from 'simvue-otel/semconv';
import { parseTimestamp } from 'simvue-otel/time';
import { defined } from '../pipeline/change-attributes.ts';
import { normalizeFolder } from '../pipeline/change-limits.ts';
import type { Principal } from '../pipeline/principal.ts';
import type { FolderDetails } from '../pipeline/run-change.ts';
import type { RunEdit } from '../pipeline/run-edits.ts';
import type { Attributes } from '../pipeline/telemetry.ts';
import { readTotalSteps, TOTAL_STEPS_WORDS } from '../pipeline/total-steps.ts';
import type { Visibility } from '../pipeline/visibility.ts';
import type { FolderChangeBody, NewRunBody, RunChangeBody, VisibilityBody } from './contract/write.ts';
import { InvalidBody } from './problem.ts';

/** Time-out of a run that asked for none: it is never lost. */
const NEVER_LOST = 0;
/** Kept for ever, as a word that wins over an earlier one. */
const NO_RETENTION = 0;

/** A new run as its body says it. @throws InvalidBody that names the field. */
export function newRunEdit(body: NewRunBody, { username, tenant }: Principal): RunEdit {
  return {
    heartbeatTimeoutSeconds: NEVER_LOST,
    lifecycle: { status: 'created' },
    ...runEdit(body),
    user: username,
    tenant,
  };
}

/** What a body changes of a run. @throws InvalidBody that names the field. */
export function runEdit(body: RunChangeBody): RunEdit {
  const { folder, name, status, system, description, tags, visibility, ttl, notifications } = body;
  return defined({
    name: name ?? undefined,
    folder: folder === undefined ? undefined : normalizeFolder(folder),
    lifecycle: status === undefined ? undefined : { status },
    system: (system ?? undefined) as Attributes | undefined,
    description: description === null ? '' : description,
    tagsSet: tags,
    ...metadataEdit(body),
    visibility: readVisibility(visibility),
    retentionSeconds: ttl === null ? NO_RETENTION : ttl,
    heartbeatTimeoutSeconds: body.heartbeat_timeout === null ? NEVER_LOST : body.heartbeat_timeout,
    notification: notifications?.state,
    startedUnixNano: readTime('started', body.started),
    endedUnixNano: readTime('endtime', body.endtime),
  });
}

/** What a body says of the folder at `path`. @throws InvalidBody that names the field. */
export function folderDetails(path: string, body: FolderChangeBody): FolderDetails {
  const { name, description, tags, metadata, visibility, ttl } = body;
  return {
    path,
    ...defined({
      name: name ?? undefined,
      description: description ?? undefined,
      tags: tags ?? undefined,
      metadata: checkMetadata(metadata),
      visibility: readVisibility(visibility),
      retentionSeconds: ttl === null ? NO_RETENTION : ttl,
    }),
  };
}

function readVisibility(body: VisibilityBody | null | undefined): Visibility | undefined {
  if (body === null || body === undefined) return undefined;
  return { users: body.users ?? body.user ?? [], tenant: body.tenant ?? false, public: body.public ?? false };
}

/** Metadata, the total of steps among them. */
function metadataEdit({ metadata, total_steps: total }: RunChangeBody): Partial<RunEdit> {
  const said = metadata?.[TOTAL_STEPS_KEY] ?? null;
  if (said !== null && readTotalSteps(said) === undefined)
    throw new InvalidBody(['metadata', TOTAL_STEPS_KEY], `${TOTAL_STEPS_KEY} must be ${TOTAL_STEPS_WORDS}`);
  const metadataSet = checkMetadata(metadata);
  if (total === undefined) return defined({ metadataSet });
  if (total === null) return defined({ metadataSet, metadataRemoved: [TOTAL_STEPS_KEY] });
  return { metadataSet: { ...metadataSet, [TOTAL_STEPS_KEY]: total } };
}

function checkMetadata(metadata: Record<string, unknown> | null | undefined): Attributes | undefined {
  if (metadata === null || metadata === undefined) return undefined;
  for (const [key, value] of Object.entries(metadata)) {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes <= MAX_METADATA_VALUE_BYTES) continue;
    throw new InvalidBody(['metadata', key], `value has ${bytes} bytes: give at most ${MAX_METADATA_VALUE_BYTES}`);
  }
  return metadata as Attributes;
}

function readTime(field: string, text: string | null | undefined): bigint | undefined {
  if (text === null || text === undefined) return undefined;
  const time = parseTimestamp(text);
  if (time !== undefined) return time;
  throw new InvalidBody([field], `${field} must be a time such as 2026-01-31T12:00:00.000000 (UTC)`);
}
