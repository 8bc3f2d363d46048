import { renameSync, writeFileSync } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import type { ArtifactManifest, ArtifactNote, FileContent } from '../artifacts/artifact.ts';
import { ifThere } from '../missing-file.ts';

/** A file that is stored from where it is, as it was when it was noted. */
export interface ArtifactSource extends FileContent {
  readonly sizeBytes: number;
  readonly modifiedMillis: number;
}

/** A manifest in a journal; with a source there is no content beside it, and `sha256` is empty while it is not known. */
export interface JournaledManifest extends ArtifactManifest {
  readonly source?: ArtifactSource;
}

/** The manifest of a file that is not copied: name and place, and its checksum once it is known. */
export class NotedArtifact implements ArtifactNote {
  readonly #path: string;
  readonly #source: ArtifactSource;

  private constructor(path: string, source: ArtifactSource) {
    this.#path = path;
    this.#source = source;
  }

  /** @param path - of the manifest, without its ending. */
  static async write(path: string, manifest: ArtifactManifest, content: FileContent): Promise<NotedArtifact> {
    const { size: sizeBytes, mtimeMs: modifiedMillis } = await stat(content.path);
    const note = new NotedArtifact(path, { ...content, sizeBytes, modifiedMillis });
    await note.complete(manifest);
    return note;
  }

  async complete(manifest: ArtifactManifest): Promise<void> {
    await writeManifest(this.#path, { ...manifest, source: this.#source });
  }

  async forget(): Promise<void> {
    await rm(`${this.#path}.json`, { force: true });
  }
}

/** All of it, or nothing. @param path - without its ending. */
export async function writeManifest(path: string, manifest: JournaledManifest): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(manifest), { mode: 0o600 });
  await rename(`${path}.new`, `${path}.json`);
}

/** As {@link writeManifest}, before it returns. */
export function writeManifestNow(path: string, manifest: JournaledManifest): void {
  writeFileSync(`${path}.new`, JSON.stringify(manifest), { mode: 0o600 });
  renameSync(`${path}.new`, `${path}.json`);
}

/** What became of a noted file: `gone` may only mean that this is another host. */
export async function stateOf({
  path,
  sizeBytes,
  modifiedMillis,
}: ArtifactSource): Promise<'same' | 'changed' | 'gone'> {
  const status = await ifThere(stat(path));
  if (status === undefined) return 'gone';
  return status.size === sizeBytes && status.mtimeMs === modifiedMillis ? 'same' : 'changed';
}
