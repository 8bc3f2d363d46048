import { Readable } from 'node:stream';
import { type ControlClient, untilAnswered } from '../control/control-client.ts';
import { whenRunIsKnown } from '../control/known-run.ts';
import type { ArtifactContent, ArtifactManifest, ArtifactProgress } from './artifact.ts';
import { readContent } from './file-content.ts';
import { multipartForm } from './multipart-form.ts';

/** The server's URLs live an hour. */
const URL_LIFE_MILLIS = 45 * 60 * 1000;
/** After the last byte the server writes it all to disk. */
const CONTENT_TIMEOUT_MILLIS = 120_000;

export interface UploadOptions {
  /** Ends the upload. */
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ArtifactProgress) => void) | undefined;
}

/**
 * Stores one artifact of a run: announces it, sends its content, attaches it to the run; each step again until it is answered.
 *
 * @throws SimvueError when the server refuses it, when the file has changed meanwhile, or when `signal` ended it.
 */
export async function uploadArtifact(
  control: ControlClient,
  runId: string,
  manifest: ArtifactManifest,
  content: ArtifactContent,
  { signal, onProgress }: UploadOptions,
): Promise<void> {
  let announced: Announced | undefined;
  const { id } = await untilAnswered(async () => {
    if (announced === undefined || performance.now() > announced.staleAtMillis) {
      announced = await announce(control, manifest, signal);
    }
    await sendContent(control, announced, manifest, content, { signal, onProgress });
    return announced;
  }, signal);
  await control.jsonEventually({ method: 'PUT', path: `/artifacts/${id}`, json: { uploaded: true }, signal });
  const path = `/runs/${encodeURIComponent(runId)}/artifacts/${id}`;
  const json = { category: manifest.category };
  await whenRunIsKnown(() => control.jsonEventually({ method: 'PUT', path, json, signal }), signal);
}

interface Announced {
  readonly staleAtMillis: number;
  readonly id: string;
  readonly url: string;
  readonly fields?: Readonly<Record<string, string>>;
}

async function announce(control: ControlClient, manifest: ArtifactManifest, signal: AbortSignal): Promise<Announced> {
  const json = {
    name: manifest.name,
    original_path: manifest.originalPath,
    size: manifest.sizeBytes,
    mime_type: manifest.mimeType,
    checksum: manifest.sha256,
    metadata: manifest.metadata,
  };
  const staleAtMillis = performance.now() + URL_LIFE_MILLIS;
  const answer = await control.json<Announced>({ method: 'POST', path: '/artifacts', json, signal });
  return { ...answer, staleAtMillis };
}

async function sendContent(
  control: ControlClient,
  { url, fields = {} }: Announced,
  manifest: ArtifactManifest,
  content: ArtifactContent,
  { signal, onProgress }: UploadOptions,
): Promise<void> {
  const { name, sizeBytes } = manifest;
  const form = multipartForm(fields, manifest, async function* () {
    let sentBytes = 0;
    for await (const piece of readContent(content, sizeBytes)) {
      yield piece;
      sentBytes += piece.length;
      onProgress?.({ name, sentBytes, totalBytes: sizeBytes });
    }
  });
  const { body } = await control.send(url, {
    method: 'POST',
    headers: form.headers,
    body: Readable.from(form.read(), { objectMode: false }),
    signal,
    timeoutMillis: CONTENT_TIMEOUT_MILLIS,
  });
  await body.dump();
}
