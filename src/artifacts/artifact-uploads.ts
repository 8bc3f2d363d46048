import type { ControlClient } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import type { ArtifactContent, ArtifactManifest, ArtifactProgress, ArtifactStore } from './artifact.ts';
import { uploadArtifact } from './artifact-upload.ts';
import { discardContent } from './file-content.ts';

const PARALLEL_UPLOADS = 4;
const MAX_WAITING = 10_000;
/** Content in memory that may wait for its turn. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

/** Sends artifacts to the server, a few at a time, in the order in which they came. */
export class ArtifactUploads implements ArtifactStore {
  readonly atOnceBytes = 0;
  readonly #control: ControlClient;
  readonly #runId: (signal: AbortSignal) => Promise<string>;
  readonly #end = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #sending = 0;
  #waitingBytes = 0;

  /** @param runId - the id of the run at the server. */
  constructor(control: ControlClient, runId: (signal: AbortSignal) => Promise<string>) {
    this.#control = control;
    this.#runId = runId;
  }

  /** Without a journal nothing outlives the process. */
  note(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async store(
    manifest: ArtifactManifest,
    content: ArtifactContent,
    onProgress: ((progress: ArtifactProgress) => void) | undefined,
  ): Promise<void> {
    const memoryBytes = content.kind === 'bytes' ? content.bytes.byteLength : 0;
    try {
      this.#checkRoom(memoryBytes);
      this.#waitingBytes += memoryBytes;
      await this.#turn();
      try {
        this.#end.signal.throwIfAborted();
        const { signal } = this.#end;
        await uploadArtifact(this.#control, await this.#runId(signal), manifest, content, { signal, onProgress });
      } finally {
        this.#waitingBytes -= memoryBytes;
        this.#passTurn();
      }
    } finally {
      await discardContent(content);
    }
  }

  shutdown(): void {
    this.#end.abort(new SimvueError('SIMVUE_ERR_CLOSE_TIMEOUT', 'the run was closed before the artifact was stored'));
  }

  #checkRoom(memoryBytes: number): void {
    const isFull = this.#waitingBytes + memoryBytes > MAX_WAITING_BYTES && this.#waitingBytes > 0;
    if (!isFull && this.#waiting.length < MAX_WAITING) return;
    throw new SimvueError('SIMVUE_ERR_QUEUE_FULL', `${this.#waiting.length} artifacts wait to be sent`);
  }

  /** Resolves when fewer than the most uploads are under way. */
  async #turn(): Promise<void> {
    if (this.#sending < PARALLEL_UPLOADS) this.#sending++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #passTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#sending--;
    else next();
  }
}
