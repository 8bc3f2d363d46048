/** Work of a run that goes on beside the program, on files or over the REST API, and is waited for at the end. */
export class RunTasks {
  readonly #pending = new Set<Promise<unknown>>();

  get pending(): number {
    return this.#pending.size;
  }

  /** @param work - must not reject. */
  add(work: Promise<unknown>): void {
    const task = work.finally(() => this.#pending.delete(task));
    this.#pending.add(task);
  }

  /** @returns false when work is left after `timeoutMillis`. */
  flush(timeoutMillis: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        resolve(this.#pending.size === 0);
      };
      const timer = setTimeout(end, timeoutMillis);
      void Promise.all(this.#pending).then(end);
    });
  }
}
