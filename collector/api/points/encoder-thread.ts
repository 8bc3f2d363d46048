import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PointFormat } from '../contract/points.ts';
import type { PointSection } from './point-section.ts';

/** An encoder of points in a thread of its own: a row group takes longer than other requests should wait. */
export class EncoderThread implements AsyncDisposable {
  readonly #worker: Worker;
  #failure: unknown;

  constructor(format: PointFormat) {
    this.#worker = new Worker(new URL('./encoder-worker.js', import.meta.url), { workerData: format });
    this.#worker.on('error', (error) => {
      this.#failure = error;
    });
  }

  rows(sections: readonly PointSection[]): Promise<Uint8Array> {
    return this.#ask(sections);
  }

  end(): Promise<Uint8Array> {
    return this.#ask(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(sections: readonly PointSection[] | undefined): Promise<Uint8Array> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#worker.postMessage(sections);
    const [bytes] = await once(this.#worker, 'message');
    return bytes;
  }
}
