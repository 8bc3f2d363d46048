import { Readable } from 'node:stream';
import type { UnavailableError } from '../control/answer-error.ts';
import { type ControlClient, untilAnswered } from '../control/control-client.ts';
import { whenRunIsKnown } from '../control/known-run.ts';
import type { ArtifactCategory, ArtifactContent, ArtifactManifest, ArtifactProgress } from './artifact.ts';
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
  /** Told the id at the server before content is sent. */
  readonly onAnnounced?: (id: string) => void;
  /** Told of each failure after which content is sent again. */
  readonly onUnavailable?: (error: UnavailableError) => void;
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
  options: UploadOptions,
): Promise<void> {
  const id = await storeContent(control, manifest, () => readContent(content, manifest.sizeBytes), options);
  await attachArtifact(control, runId, id, manifest.category, options.signal);
}

/**
 * Announces and sends content that belongs to no run yet.
 *
 * @param open - reads the content from its start.
 * @returns its id at the server.
 */
export async function storeContent(
  control: ControlClient,
  manifest: Omit<ArtifactManifest, 'category'>,
  open: () => AsyncIterable<Uint8Array>,
  { signal, onProgress, onAnnounced, onUnavailable }: UploadOptions,
): Promise<string> {
  let announced: Announced | undefined;
  const { id } = await untilAnswered(
    async () => {
      if (announced === undefined || performance.now() > announced.staleAtMillis) {
        announced = await announce(control, manifest, signal);
        onAnnounced?.(announced.id);
      }
      await sendContent(control, announced, manifest, open, { signal, onProgress });
      return announced;
    },
    signal,
    onUnavailable,
  );
  await control.jsonEventually({ method: 'PUT', path: `/artifacts/${id}`, json: { uploaded: true }, signal });
  return id;
}

/** Makes an artifact one of a run. */
export async function attachArtifact(
  control: ControlClient,
  runId: string,
  id: string,
  category: ArtifactCategory,
  signal: AbortSignal,
): Promise<void> {
  const path = `/runs/${encodeURIComponent(runId)}/artifacts/${id}`;
  const json = { category };
  await whenRunIsKnown(() => control.jsonEventually({ method: 'PUT', path, json, signal }), signal);
}

interface Announced {
  readonly staleAtMillis: number;
  readonly id: string;
  readonly url: string;
  readonly fields?: Readonly<Record<string, string>>;
}

async function announce(
  control: ControlClient,
  manifest: Omit<ArtifactManifest, 'category'>,
  signal: AbortSignal,
): Promise<Announced> {
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
  manifest: Omit<ArtifactManifest, 'category'>,
  open: () => AsyncIterable<Uint8Array>,
  { signal, onProgress }: UploadOptions,
): Promise<void> {
  const { name, sizeBytes } = manifest;
  const form = multipartForm(fields, manifest, async function* () {
    let sentBytes = 0;
    for await (const piece of open()) {
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
