import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SimvueError } from 'simvue-otel/errors';
import type { ArtifactFiles } from '../store/artifact-files.ts';
import type { ArtifactRow, ArtifactStore } from '../store/artifact-store.ts';
import { readMultipartFile } from './multipart-file.ts';

const MAX_UPLOADS = 128;
/** Form fields and boundaries around the content. */
const MULTIPART_OVERHEAD_BYTES = 8 << 20;
/** Text that Simvue's clients look for. */
const CHECKSUM_MISMATCH = 'The SHA256 you specified did not match the calculated checksum.';

/** Receives the content of artifacts, checked while it streams: what does not fit its checksum or the limit leaves nothing. */
export class ArtifactUpload {
  readonly #rows: Pick<ArtifactStore, 'setStored'>;
  readonly #files: ArtifactFiles;
  readonly #maxBytes: number;
  #underWay = 0;

  /** @param maxBytes - largest content. */
  constructor(rows: Pick<ArtifactStore, 'setStored'>, files: ArtifactFiles, maxBytes: number) {
    this.#rows = rows;
    this.#files = files;
    this.#maxBytes = maxBytes;
  }

  /**
   * @throws SimvueError `SIMVUE_ERR_MALFORMED` (cut off, wrong checksum), `SIMVUE_ERR_TOO_LARGE`, `SIMVUE_ERR_NOT_FOUND` (deleted meanwhile),
   * `SIMVUE_ERR_OVERLOADED` (too many at once) or `SIMVUE_ERR_DISK` (disk full).
   */
  async receive(artifact: ArtifactRow, request: IncomingMessage): Promise<void> {
    if (Number(request.headers['content-length'] ?? 0) > this.#maxBytes + MULTIPART_OVERHEAD_BYTES)
      throw this.#tooLarge();
    if (this.#underWay >= MAX_UPLOADS) {
      throw new SimvueError('SIMVUE_ERR_OVERLOADED', `${MAX_UPLOADS} uploads are under way: try again`);
    }
    this.#underWay++;
    try {
      await readMultipartFile(request, (content) => this.#store(artifact, content));
    } finally {
      this.#underWay--;
    }
  }

  async #store({ id, checksum }: ArtifactRow, content: AsyncIterable<Buffer>): Promise<void> {
    const incoming = await this.#files.receive(id);
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of content) {
        bytes += piece.length;
        if (bytes > this.#maxBytes) throw this.#tooLarge();
        hash.update(piece);
        await incoming.write(piece);
      }
      if (hash.digest('hex') !== checksum) throw new SimvueError('SIMVUE_ERR_MALFORMED', CHECKSUM_MISMATCH);
      await incoming.commit();
      if (await this.#rows.setStored(id, bytes)) return;
      await this.#files.remove(id);
      throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `artifact ${id} was deleted`);
    } finally {
      await incoming.discard();
    }
  }

  #tooLarge(): SimvueError {
    return new SimvueError(
      'SIMVUE_ERR_TOO_LARGE',
      `the content is larger than ${this.#maxBytes} bytes: send less, or raise --max-artifact`,
    );
  }
}
