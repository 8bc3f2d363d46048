import { setImmediate } from 'node:timers/promises';
import { formatTimestamp } from 'simvue-otel/time';
import type { ArtifactRow, ArtifactStore } from '../store/artifact-store.ts';
import type { ArtifactView } from './contract/artifact.ts';

const ROWS_A_PIECE = 500;

/** @param url - fetches the content. */
export function artifactView(artifact: ArtifactRow, url: string): ArtifactView {
  return {
    id: artifact.id,
    name: artifact.name,
    original_path: artifact.originalPath,
    size: artifact.sizeBytes,
    mime_type: artifact.mimeType,
    checksum: artifact.checksum,
    metadata: artifact.metadata,
    created: formatTimestamp(artifact.createdUnixNano),
    uploaded: artifact.uploaded,
    storage_id: artifact.storageId,
    user: artifact.user,
    url,
  };
}

/** JSON text of `{"count", "data": [view]}` in pieces, so that a list of any length does not hold up other requests. */
export async function* artifactListJson(
  artifacts: Pick<ArtifactStore, 'getMany'>,
  { count, ids }: { readonly count: number; readonly ids: readonly string[] },
  view: (artifact: ArtifactRow) => ArtifactView,
): AsyncGenerator<string> {
  yield `{"count":${count},"data":[`;
  let separator = '';
  for (let at = 0; at < ids.length; at += ROWS_A_PIECE) {
    for (const row of await artifacts.getMany(ids.slice(at, at + ROWS_A_PIECE))) {
      yield separator + JSON.stringify(view(row));
      separator = ',';
    }
    await setImmediate();
  }
  yield ']}';
}
