import { constants } from 'node:fs';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactContent, ArtifactManifest, ArtifactProgress, ArtifactStore } from '../artifacts/artifact.ts';
import { type ContentDigest, digestOfFile, discardContent } from '../artifacts/file-content.ts';
import { SimvueError } from '../errors.ts';
import { spoolBytes } from './spool.ts';

/** An artifact in a journal. */
export interface KeptArtifact {
  readonly manifest: ArtifactManifest;
  readonly path: string;
}

/** Keeps artifacts in the journal of their run: for each its content and, once that is whole, its manifest. */
export class SpooledArtifacts implements ArtifactStore {
  readonly #directory: string;
  readonly #maxBytes: number;
  #artifacts = 0;
  #underWayBytes = 0;

  /** @param maxBytes - that all journals of the spool directory may take. */
  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
  }

  async store(
    manifest: ArtifactManifest,
    content: ArtifactContent,
    onProgress: ((progress: ArtifactProgress) => void) | undefined,
  ): Promise<void> {
    const { name, sizeBytes } = (await this.keep(manifest, content)).manifest;
    onProgress?.({ name, sentBytes: sizeBytes, totalBytes: sizeBytes });
  }

  /** @returns the manifest of what was copied, and the path of its files without their endings `.json` and `.content`. */
  async keep(manifest: ArtifactManifest, content: ArtifactContent): Promise<KeptArtifact> {
    const { name, sizeBytes } = manifest;
    const path = join(this.#directory, `artifact-${this.#artifacts++}`);
    this.#underWayBytes += sizeBytes;
    try {
      this.#checkRoom(name);
      const copied = { ...manifest, ...(await copyContent(content, `${path}.content`, manifest)) };
      await writeFile(`${path}.new`, JSON.stringify(copied), { mode: 0o600 });
      await rename(`${path}.new`, `${path}.json`);
      return { manifest: copied, path };
    } catch (error) {
      await rm(`${path}.content`, { force: true });
      throw error;
    } finally {
      this.#underWayBytes -= sizeBytes;
      await discardContent(content);
    }
  }

  /** What is being copied is finished: it needs no network. */
  shutdown(): void {
    return;
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
