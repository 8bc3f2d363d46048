import type { Readable } from 'node:stream';

/** Content that is on its way; nobody sees it before `commit`. */
export interface IncomingContent {
  /** @throws SimvueError `SIMVUE_ERR_STORE` when it cannot be written, for example when the disk is full. */
  write(piece: Uint8Array): Promise<void>;
  /** Makes it the content of the artifact, durably and at once; of two commits the later one stays, whole. */
  commit(): Promise<void>;
  /** Gives the space back; does nothing after `commit`; idempotent. */
  discard(): Promise<void>;
}

/** Content of artifacts by their ids. */
export interface ArtifactFiles {
  receive(id: string): Promise<IncomingContent>;
  /**
   * @param range - first and last byte.
   * @returns undefined when there is no content.
   */
  read(id: string, range: { readonly first: number; readonly last: number }): Promise<Readable | undefined>;
  /** Idempotent. */
  remove(id: string): Promise<void>;
}
