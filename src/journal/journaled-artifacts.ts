import { rm } from 'node:fs/promises';
import type { ArtifactContent, ArtifactManifest, ArtifactProgress, ArtifactStore } from '../artifacts/artifact.ts';
import { SimvueError } from '../errors.ts';
import type { Reports } from '../reports.ts';
import type { SpooledArtifacts } from './spooled-artifacts.ts';

/** Larger content is sent from where it is: copying it would cost more than it saves. */
const MAX_COPIED_BYTES = 256 * 1024 * 1024;

export interface JournaledArtifactsOptions {
  readonly uploads: ArtifactStore;
  readonly spool: SpooledArtifacts;
  /** Whether a collector has answered at the address of the REST API. */
  readonly hasCollector: () => boolean;
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

  async store(
    manifest: ArtifactManifest,
    content: ArtifactContent,
    onProgress: ((progress: ArtifactProgress) => void) | undefined,
  ): Promise<void> {
    const { uploads, spool, reports } = this.#options;
    if (manifest.sizeBytes > MAX_COPIED_BYTES) return uploads.store(manifest, content, onProgress);
    const kept = await spool.keep(manifest, content);
    const copy = { kind: 'file', path: `${kept.path}.content`, temporaryDirectory: undefined } as const;
    try {
      await uploads.store(kept.manifest, copy, onProgress);
    } catch (error) {
      if (!this.#isLater(error)) {
        await removeKept(kept.path);
        throw error;
      }
      reports.once(
        'artifacts',
        'Artifacts wait in the journal: set SIMVUE_URL to a simvue-otel-collector that answers.',
      );
      return;
    }
    await removeKept(kept.path);
  }

  shutdown(): void {
    this.#options.uploads.shutdown();
  }

  /** A plain OpenTelemetry Collector has no place for artifacts, whatever it answers. */
  #isLater(error: unknown): boolean {
    if (!this.#options.hasCollector()) return true;
    const code = error instanceof SimvueError ? error.code : undefined;
    return code === 'SIMVUE_ERR_UNAVAILABLE' || code === 'SIMVUE_ERR_CLOSE_TIMEOUT';
  }
}

/** The manifest first: content without one is nothing. */
async function removeKept(path: string): Promise<void> {
  await rm(`${path}.json`, { force: true });
  await rm(`${path}.content`, { force: true });
}
