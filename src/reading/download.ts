import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decodeNpy, type NumberArray } from '../artifacts/npy.ts';
import type { ControlClient } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import type { ArtifactRecord } from './records.ts';

/** What an artifact holds: numbers with their shape, text, a value of JSON, or bytes. */
export type ArtifactValue =
  | { readonly kind: 'numbers'; readonly values: NumberArray; readonly shape: readonly number[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** Writes the content to a file, which is there as a whole or not at all. */
export function downloadToFile(control: ControlClient, artifact: ArtifactRecord, path: string): Promise<void> {
  return saveWhole(path, async (partial) => {
    const { body } = await control.send(artifact.url, { method: 'GET' });
    const hash = createHash('sha256');
    const measure = new Transform({
      transform(piece: Buffer, _encoding, done) {
        hash.update(piece);
        done(null, piece);
      },
    });
    await pipeline(body, measure, createWriteStream(partial));
    checkDigest(artifact, hash.digest('hex'));
  });
}

/** Makes a file under another name, which it keeps until it is whole. */
export async function saveWhole(path: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await write(partial);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Takes the content into memory and reads it as its type says; nothing of it is executed. */
export async function downloadValue(control: ControlClient, artifact: ArtifactRecord): Promise<ArtifactValue> {
  const { body } = await control.send(artifact.url, { method: 'GET' });
  const bytes = Buffer.from(await body.arrayBuffer());
  checkDigest(artifact, createHash('sha256').update(bytes).digest('hex'));
  const [type = ''] = artifact.mime_type.split(';', 1);
  const numbers = decodeNpy(bytes);
  if (numbers !== undefined) return { kind: 'numbers', ...numbers };
  if (type.endsWith('json')) return { kind: 'json', value: JSON.parse(bytes.toString()) };
  if (type.startsWith('text/')) return { kind: 'text', text: bytes.toString() };
  return { kind: 'bytes', bytes };
}

function checkDigest({ name, checksum }: ArtifactRecord, digest: string): void {
  if (digest === checksum) return;
  throw new SimvueError('SIMVUE_ERR_MALFORMED', `artifact "${name}" was not received as it was stored`);
}
