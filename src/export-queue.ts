import type { ExportResult } from '@opentelemetry/core';
import { retryDelayMillis } from './delivery-answer.ts';
import { errorText } from './errors.ts';
import { WakeableTimer } from './wakeable-timer.ts';

const BATCH_ITEMS = 1000;
const BATCH_DELAY_MILLIS = 1000;

export interface ExportQueueParts<Item> {
  readonly maxItems: number;
  export(items: readonly Item[], done: (result: ExportResult) => void): void;
  delivered(items: number): void;
  failed(reason: string): void;
}

/** A bounded queue in front of a stock exporter: one export at a time, a failed batch is kept and exported again. */
export class ExportQueue<Item> {
  readonly #parts: ExportQueueParts<Item>;
  readonly #pause = new WakeableTimer();
  #items: Item[] = [];
  #batchTimer: NodeJS.Timeout | undefined;
  #running: Promise<boolean> | undefined;
  #deadlineMillis: number | undefined;
  #closed = false;

  constructor(parts: ExportQueueParts<Item>) {
    this.#parts = parts;
  }

  get length(): number {
    return this.#items.length;
  }

  /** @param beyondLimit - for control changes, which are few. */
  push(item: Item, beyondLimit = false): boolean {
    if (this.#items.length >= this.#parts.maxItems && !beyondLimit) return false;
    this.#items.push(item);
    this.#notify();
    return true;
  }

  /** @returns true when the queue is empty, false when `timeoutMillis` passed first. */
  async flush(timeoutMillis: number): Promise<boolean> {
    this.#deadlineMillis = performance.now() + timeoutMillis;
    this.#pause.wake();
    const deadline = new WakeableTimer();
    const cut = deadline.sleep(timeoutMillis, true).then(() => false);
    while (this.#items.length > 0 && (await Promise.race([this.#start(), cut])));
    deadline.wake();
    this.#deadlineMillis = undefined;
    return this.#items.length === 0;
  }

  shutdown(): void {
    this.#closed = true;
    clearTimeout(this.#batchTimer);
    this.#deadlineMillis = performance.now();
    this.#pause.wake();
  }

  #notify(): void {
    if (this.#running !== undefined || this.#closed) return;
    if (this.#items.length >= BATCH_ITEMS) void this.#start();
    else if (this.#batchTimer === undefined) {
      this.#batchTimer = setTimeout(() => void this.#start(), BATCH_DELAY_MILLIS);
      this.#batchTimer.unref();
    }
  }

  #start(): Promise<boolean> {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#items.length > 0) this.#notify();
    });
    return this.#running;
  }

  async #drain(): Promise<boolean> {
    for (let failures = 0; this.#items.length > 0; ) {
      const batch = this.#items.slice(0, BATCH_ITEMS);
      const error = await this.#export(batch);
      if (error === undefined) {
        failures = 0;
        this.#items = this.#items.slice(batch.length);
        this.#parts.delivered(batch.length);
        continue;
      }
      this.#parts.failed(errorText(error));
      const delayMillis = retryDelayMillis(++failures);
      const deadlineMillis = this.#deadlineMillis ?? Infinity;
      if (performance.now() + delayMillis >= deadlineMillis) return false;
      await this.#pause.sleep(delayMillis, this.#deadlineMillis !== undefined);
      if (performance.now() >= (this.#deadlineMillis ?? Infinity)) return false;
    }
    return true;
  }

  #export(batch: readonly Item[]): Promise<unknown> {
    return new Promise((resolve) => {
      try {
        this.#parts.export(batch, ({ code, error }) => resolve(code === 0 ? undefined : (error ?? 'export failed')));
      } catch (error) {
        resolve(error);
      }
    });
  }
}
