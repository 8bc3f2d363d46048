import { createHash } from 'node:crypto';
import { SimvueError } from 'simvue-otel/errors';
import type { ArtifactRow, RunArtifact } from '../store/artifact-store.ts';
import { type ItemParts, REFUSED, type RunPlace, untilTaken } from './item-parts.ts';

/** Sends the artifacts of a run that are stored here and not at the target. */
export async function sendArtifacts(parts: ItemParts, place: RunPlace): Promise<void> {
  const { target, catalog } = parts;
  const sent = catalog.exports.items(target, place.runId, 'artifact');
  for (const { artifact, category } of await catalog.artifacts.ofRun(place.runId, {})) {
    const state = sent.get(artifact.id)?.state;
    if (artifact.storedBytes === null || state === category || state === REFUSED) continue;
    await sendArtifact(parts, place, { artifact, category });
  }
}

async function sendArtifact(parts: ItemParts, place: RunPlace, { artifact, category }: RunArtifact): Promise<void> {
  const { target, catalog, forwarding, delivery } = parts;
  const save = (remote: string, state: string | null): void => {
    catalog.exports.saveItem(target, place.runId, { kind: 'artifact', item: artifact.id, remote, state });
  };
  const taken = await untilTaken(parts, 'artifact', async () => {
    const id = (await storedThere(parts, place, artifact.id)) ?? (await sendContent(parts, artifact, save));
    const path = `/runs/${place.remoteId}/artifacts/${id}`;
    await forwarding.ask({ method: 'PUT', path, json: { category }, signal: delivery.signal });
    return id;
  });
  save(taken?.result ?? '', taken === undefined ? REFUSED : category);
}

/** The artifact at the target, if its content is there; what was only begun when we were killed is taken away. */
async function storedThere(parts: ItemParts, { runId }: RunPlace, artifactId: string): Promise<string | undefined> {
  const { target, catalog, forwarding, delivery } = parts;
  const { signal } = delivery;
  const remote =
    catalog.exports.items(target, runId, 'artifact').get(artifactId)?.remote ??
    catalog.exports.remoteOf(target, 'artifact', artifactId);
  if (remote === undefined || remote === '') return undefined;
  const path = `/artifacts/${remote}`;
  try {
    const { uploaded } = await forwarding.ask<{ uploaded: boolean }>({ method: 'GET', path, signal });
    if (uploaded) return remote;
    await forwarding.ask({ method: 'DELETE', path, signal });
  } catch (error) {
    if (!(error instanceof SimvueError) || error.code !== 'SIMVUE_ERR_NOT_FOUND') throw error;
  }
  return undefined;
}

function sendContent(
  { files, forwarding, delivery }: ItemParts,
  artifact: ArtifactRow,
  save: (remote: string, state: null) => void,
): Promise<string> {
  const { name, originalPath, mimeType, checksum: sha256, metadata, storedBytes } = artifact;
  const manifest = { name, originalPath, mimeType, sha256, metadata, sizeBytes: storedBytes ?? 0 };
  return forwarding.storeContent(manifest, () => readChecked(files, artifact), {
    signal: delivery.signal,
    onAnnounced: (id) => save(id, null),
  });
}

/** Content as it was received: what the disk has made something else of must not become the record elsewhere. */
async function* readChecked(
  files: ItemParts['files'],
  { id, name, checksum, storedBytes }: ArtifactRow,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const bytes = storedBytes ?? 0;
  const content = bytes === 0 ? [] : await files.read(id, { first: 0, last: bytes - 1 });
  if (content === undefined) throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `artifact "${name}" is deleted here`);
  for await (const piece of content as AsyncIterable<Uint8Array>) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== checksum) {
    throw new SimvueError('SIMVUE_ERR_STORE', `artifact "${name}" is not what was received: its disk is damaged`);
  }
}
