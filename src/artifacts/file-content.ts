import { createHash, webcrypto } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorText } from '../errors.ts';
import { type ArtifactContent, invalidArtifact } from './artifact.ts';

/** Bytes that are read at once. */
const PIECE_BYTES = 256 * 1024;

/** What the manifest says about content. */
export interface ContentDigest {
  readonly sizeBytes: number;
  readonly sha256: string;
}

export function digestNow(bytes: Uint8Array): ContentDigest {
  return { sizeBytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Outside the event loop. */
export async function digestOfBytes(bytes: Uint8Array): Promise<ContentDigest> {
  const digest = await webcrypto.subtle.digest('SHA-256', bytes);
  return { sizeBytes: bytes.byteLength, sha256: Buffer.from(digest).toString('hex') };
}

export async function digestOfFile(path: string): Promise<ContentDigest> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    hash.update(piece);
    sizeBytes += piece.length;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/**
 * Reads content from its start, as many bytes as it had when it was measured: a log may have grown since.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` when it has become shorter, or cannot be read.
 */
export async function* readContent(content: ArtifactContent, sizeBytes: number): AsyncGenerator<Uint8Array> {
  if (content.kind === 'bytes') {
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) yield content.bytes.subarray(at, at + PIECE_BYTES);
    return;
  }
  if (sizeBytes === 0) return;
  let left = sizeBytes;
  const file = createReadStream(content.path, { highWaterMark: PIECE_BYTES, end: sizeBytes - 1 });
  try {
    for await (const piece of file) {
      left -= piece.length;
      yield piece;
    }
  } catch (error) {
    throw invalidArtifact(`${content.path} cannot be read any more: ${errorText(error)}`, error);
  }
  if (left > 0) throw invalidArtifact(`${content.path} became shorter while it was saved`);
}

/** Writes a stream, which can be read once only, to a temporary file. */
export async function spoolStream(stream: NodeJS.ReadableStream): Promise<[ArtifactContent, ContentDigest]> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'simvue-artifact-'));
  const path = join(temporaryDirectory, 'content');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    writableObjectMode: true,
    transform(piece: Uint8Array | string, _encoding, done) {
      if (typeof piece !== 'string' && !(piece instanceof Uint8Array)) {
        done(invalidArtifact(`the stream gives a piece of type ${typeof piece}, which is neither text nor bytes`));
        return;
      }
      const bytes = Buffer.from(piece as Uint8Array);
      hash.update(bytes);
      sizeBytes += bytes.length;
      done(null, bytes);
    },
  });
  const content: ArtifactContent = { kind: 'file', path, temporaryDirectory };
  try {
    await pipeline(stream, measure, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await discardContent(content);
    throw error;
  }
  return [content, { sizeBytes, sha256: hash.digest('hex') }];
}

/** Removes content that was written for this one purpose. */
export async function discardContent(content: ArtifactContent): Promise<void> {
  if (content.kind === 'file' && content.temporaryDirectory !== undefined) {
    await rm(content.temporaryDirectory, { recursive: true, force: true });
  }
}
