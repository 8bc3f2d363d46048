import type { LogName } from './frame-log.ts';

/** One frame that a server cannot take, alone in its request. */
export interface Rejected {
  readonly signal: LogName;
  /** The server's words. */
  readonly reason: string;
  /** Data points or log records that it held. */
  readonly items: number;
  /** The OTLP request. */
  readonly body: Uint8Array;
}

const MAX_FRAMES = 100;
const MAX_BYTES = 1024 * 1024;

/** The newest rejected frames, at most 100 and 1 MiB. */
export class RejectedFrames {
  readonly #frames: Rejected[] = [];
  #bytes = 0;

  get list(): readonly Rejected[] {
    return this.#frames;
  }

  add(frame: Rejected): void {
    this.#frames.push(frame);
    this.#bytes += frame.body.length;
    while (this.#frames.length > MAX_FRAMES || (this.#bytes > MAX_BYTES && this.#frames.length > 1)) {
      this.#bytes -= this.#frames.shift()?.body.length ?? 0;
    }
  }
}
