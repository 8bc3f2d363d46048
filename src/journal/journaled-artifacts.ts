import { rm } from 'node:fs/promises';
import type {
  ArtifactContent,
  ArtifactManifest,
  ArtifactNote,
  ArtifactProgress,
  ArtifactStore,
  FileContent,
} from '../artifacts/artifact.ts';
import { discardContent } from '../artifacts/file-content.ts';
import { errorText, SimvueError } from '../errors.ts';
import type { Reports } from '../reports.ts';
import type { SpooledArtifacts } from './spooled-artifacts.ts';

export interface JournaledArtifactsOptions {
  readonly uploads: ArtifactStore;
  readonly spool: SpooledArtifacts;
  /** Whether a server with the REST API is known to be at its address. */
  readonly hasServer: () => boolean;
  readonly reports: Reports;
}

/**
 * Artifacts of a run that sends: into its journal first, from there to the server. What the server cannot take now stays
 * in the journal, as data does, and is sent by the next start or `simvue sync`.
 */
export class JournaledArtifacts implements ArtifactStore {
  readonly #options: JournaledArtifactsOptions;

  constructor(options: JournaledArtifactsOptions) {
    this.#options = options;
  }

  get atOnceBytes(): number {
    return this.#options.spool.atOnceBytes;
  }

  async store(
    manifest: ArtifactManifest,
    content: ArtifactContent,
    onProgress: ((progress: ArtifactProgress) => void) | undefined,
    note?: ArtifactNote,
  ): Promise<void> {
    const { uploads, spool } = this.#options;
    const noted = note ?? (content.kind === 'file' ? await this.note(manifest, content) : undefined);
    if (content.kind === 'file' && noted !== undefined) {
      await this.#ifRoom(() => noted.complete(manifest));
      const place = { ...content, temporaryDirectory: undefined };
      await this.#try(
        () => uploads.store(manifest, place, onProgress),
        async () => {
          await noted.forget();
          await discardContent(content);
        },
      );
      return;
    }
    const kept = await this.#ifRoom(() => spool.keep(manifest, content));
    if (kept === undefined) return uploads.store(manifest, outOfMemory(manifest, content), onProgress);
    await discardContent(content);
    const copy = { kind: 'file', path: `${kept.path}.content`, temporaryDirectory: undefined } as const;
    await this.#try(
      () => uploads.store(kept.manifest, copy, onProgress),
      () => removeKept(kept.path),
    );
  }

  note(manifest: ArtifactManifest, content: FileContent): Promise<ArtifactNote | undefined> {
    return this.#ifRoom(() => this.#options.spool.note(manifest, content));
  }

  /** A disk that takes nothing must not cost what the server would store: it goes there straight. */
  async #ifRoom<Kept>(keep: () => Promise<Kept>): Promise<Kept | undefined> {
    try {
      return await keep();
    } catch (error) {
      this.#options.reports.once('artifact room', `Artifacts are sent without the journal: ${errorText(error)}`);
      return undefined;
    }
  }

  /** @param remove - takes it out of the journal: it is stored, or refused. */
  async #try(store: () => Promise<void>, remove: () => Promise<void>): Promise<void> {
    try {
      await store();
    } catch (error) {
      if (!this.#isLater(error)) {
        await remove();
        throw error;
      }
      const message = 'Artifacts wait in the journal: set SIMVUE_URL to a simvue-otel-collector that answers.';
      this.#options.reports.once('artifacts', message);
      return;
    }
    await remove();
  }

  shutdown(): void {
    this.#options.uploads.shutdown();
  }

  /** A plain OpenTelemetry Collector has no place for artifacts, whatever it answers. */
  #isLater(error: unknown): boolean {
    if (!this.#options.hasServer()) return true;
    const code = error instanceof SimvueError ? error.code : undefined;
    return code === 'SIMVUE_ERR_UNAVAILABLE' || code === 'SIMVUE_ERR_CLOSE_TIMEOUT';
  }
}

/** What was read of a file need not wait in memory. */
function outOfMemory({ originalPath }: ArtifactManifest, content: ArtifactContent): ArtifactContent {
  if (content.kind === 'file' || originalPath === '') return content;
  return { kind: 'file', path: originalPath, temporaryDirectory: undefined };
}

/** The manifest first: content without one is nothing. */
async function removeKept(path: string): Promise<void> {
  await rm(`${path}.json`, { force: true });
  await rm(`${path}.content`, { force: true });
}
