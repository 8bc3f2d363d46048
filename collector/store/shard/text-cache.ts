import type { MetricsText } from './metrics-json.ts';

/** Texts that shards have printed, so that they are printed and moved again only when they have changed; the longest unread go first. */
export class TextCache {
  readonly #texts = new Map<string, MetricsText>();
  readonly #capacityBytes: number;
  #sizeBytes = 0;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  get(runId: string): MetricsText | undefined {
    const text = this.#texts.get(runId);
    if (text !== undefined) this.set(runId, text);
    return text;
  }

  set(runId: string, text: MetricsText): void {
    this.#delete(runId);
    this.#texts.set(runId, text);
    this.#sizeBytes += text.json.length;
    for (const [oldest] of this.#texts) {
      if (this.#sizeBytes <= this.#capacityBytes) return;
      this.#delete(oldest);
    }
  }

  #delete(runId: string): void {
    this.#sizeBytes -= this.#texts.get(runId)?.json.length ?? 0;
    this.#texts.delete(runId);
  }
}
