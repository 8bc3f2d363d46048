import { errorText } from 'simvue-otel/errors';

/** What is open, and is closed in the opposite order. */
export class Closers {
  readonly #closers: (() => unknown)[] = [];

  push(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes everything, whatever fails, each once. @throws what failed, or an `AggregateError` of all that did. */
  async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 1) throw new AggregateError(failures, failures.map(errorText).join('; '));
    if (failures.length === 1) throw failures[0];
  }
}
