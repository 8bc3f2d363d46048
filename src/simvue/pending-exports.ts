import { type ExportResult, ExportResultCode } from '@opentelemetry/core';

/** The exports that are under way, one after the other, so that no data overtakes older data of its run. */
export class PendingExports {
  #last: Promise<void> = Promise.resolve();

  add(work: () => Promise<void>, done: (result: ExportResult) => void): void {
    this.#last = this.#last.then(work).then(
      () => done({ code: ExportResultCode.SUCCESS }),
      (error: unknown) => {
        done({ code: ExportResultCode.FAILED, error: error instanceof Error ? error : new Error(String(error)) });
      },
    );
  }

  /** Resolves when all exports of this moment are done. */
  all(): Promise<void> {
    return this.#last;
  }
}
