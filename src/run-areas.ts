import { ArtifactUploads } from './artifacts/artifact-uploads.ts';
import { RunArtifacts } from './artifacts/run-artifacts.ts';
import { ControlClient } from './control/control-client.ts';
import { SimvueError } from './errors.ts';
import type { RunSession } from './run-session.ts';

/** What a run does over the REST API and with files; each part is made when it is first used. */
export class RunAreas {
  readonly #session: RunSession;
  readonly #end = new AbortController();
  #control: ControlClient | undefined;
  #uploads: ArtifactUploads | undefined;
  #artifacts: RunArtifacts | undefined;

  constructor(session: RunSession) {
    this.#session = session;
  }

  get runId(): string {
    return this.#session.identity.id;
  }

  get artifacts(): RunArtifacts {
    this.#uploads ??= new ArtifactUploads(this.control, this.runId);
    this.#artifacts ??= new RunArtifacts(this.#uploads);
    return this.#artifacts;
  }

  /** @throws `SIMVUE_ERR_CONFIG` when no address is known. */
  get control(): ControlClient {
    const { control } = this.#session;
    if (control === undefined) {
      throw new SimvueError('SIMVUE_ERR_CONFIG', 'url: no address of a collector is known. Set SIMVUE_URL.');
    }
    this.#control ??= new ControlClient(control);
    return this.#control;
  }

  /** Aborts with the run: what is under way ends. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Gives up what is under way. */
  shutdown(): void {
    this.#end.abort();
    this.#uploads?.shutdown();
    void this.#control?.close();
  }
}
