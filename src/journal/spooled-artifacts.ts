import { constants, writeFileSync } from 'node:fs';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ArtifactContent,
  ArtifactManifest,
  ArtifactNote,
  ArtifactProgress,
  ArtifactStore,
  FileContent,
} from '../artifacts/artifact.ts';
import { type ContentDigest, digestOfFile, discardContent } from '../artifacts/file-content.ts';
import { errorText, SimvueError } from '../errors.ts';
import { hasNoRoom } from './journal-errors.ts';
import { isOnNetwork } from './network-file-system.ts';
import { NotedArtifact, writeManifest, writeManifestNow } from './noted-artifact.ts';
import { spoolBytes } from './spool.ts';

/** Larger files are noted before they are read; online they are sent from where they are: copying would cost more than it saves. */
export const MAX_COPIED_BYTES = 256 * 1024 * 1024;

/** Reading, hashing and writing it takes less than 20 ms of the program. */
const AT_ONCE_BYTES = 8 * 1024 * 1024;

/** An artifact in a journal. */
export interface KeptArtifact {
  readonly manifest: ArtifactManifest;
  readonly path: string;
}

/** Keeps artifacts in the journal of their run: for each its content and, once that is whole, its manifest. */
export class SpooledArtifacts implements ArtifactStore {
  readonly atOnceBytes: number;
  readonly #directory: string;
  readonly #maxBytes: number;
  #artifacts = 0;
  #underWayBytes = 0;

  /** @param maxBytes - that all journals of the spool directory may take. */
  constructor(directory: string, maxBytes: number) {
    this.atOnceBytes = isOnNetwork(directory) ? 0 : AT_ONCE_BYTES;
    this.#directory = directory;
    this.#maxBytes = maxBytes;
  }

  async store(
    manifest: ArtifactManifest,
    content: ArtifactContent,
    onProgress: ((progress: ArtifactProgress) => void) | undefined,
    note?: ArtifactNote,
  ): Promise<void> {
    try {
      const { name, sizeBytes } = (await this.keep(manifest, content)).manifest;
      onProgress?.({ name, sentBytes: sizeBytes, totalBytes: sizeBytes });
    } finally {
      await discardContent(content);
      await note?.forget();
    }
  }

  async note(manifest: ArtifactManifest, content: FileContent): Promise<ArtifactNote | undefined> {
    if (manifest.sizeBytes <= MAX_COPIED_BYTES) return undefined;
    return NotedArtifact.write(this.#nextPath(), manifest, content);
  }

  /** The content stays. @returns the manifest of what was copied, and the path of its files without their endings `.json` and `.content`. */
  async keep(manifest: ArtifactManifest, content: ArtifactContent): Promise<KeptArtifact> {
    const { name, sizeBytes } = manifest;
    const path = this.#nextPath();
    this.#underWayBytes += sizeBytes;
    try {
      this.#checkRoom(name);
      if (content.kind === 'bytes' && sizeBytes <= this.atOnceBytes) {
        writeFileSync(`${path}.content`, content.bytes, { mode: 0o600 });
        writeManifestNow(path, manifest);
        return { manifest, path };
      }
      const copied = { ...manifest, ...(await copyContent(content, `${path}.content`, manifest)) };
      await writeManifest(path, copied);
      return { manifest: copied, path };
    } catch (error) {
      await rm(`${path}.content`, { force: true });
      if (!hasNoRoom(error)) throw error;
      throw new SimvueError('SIMVUE_ERR_QUEUE_FULL', `artifact "${name}" is not kept: ${errorText(error)}`);
    } finally {
      this.#underWayBytes -= sizeBytes;
    }
  }

  /** What is being copied is finished: it needs no network. */
  shutdown(): void {
    return;
  }

  #nextPath(): string {
    return join(this.#directory, `artifact-${this.#artifacts++}`);
  }

  #checkRoom(name: string): void {
    if (spoolBytes(join(this.#directory, '..')) + this.#underWayBytes <= this.#maxBytes) return;
    throw new SimvueError('SIMVUE_ERR_QUEUE_FULL', `artifact "${name}" exceeds spoolMaxBytes (${this.#maxBytes})`);
  }
}

/** A file may change while it is copied: what counts is the copy. */
async function copyContent(content: ArtifactContent, path: string, measured: ContentDigest): Promise<ContentDigest> {
  if (content.kind === 'bytes') {
    await writeFile(path, content.bytes, { mode: 0o600 });
    return { sizeBytes: measured.sizeBytes, sha256: measured.sha256 };
  }
  await copyFile(content.path, path, constants.COPYFILE_FICLONE);
  return digestOfFile(path);
}
