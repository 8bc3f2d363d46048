import { rememberedTexts, rememberTexts } from './remembered.ts';

const KEY = 'simvue.seen';
const MOST = 500;

/** What the reader has marked as seen in this browser; reactive. */
class Seen {
  #keys = $state.raw<ReadonlySet<string>>(new Set(rememberedTexts(KEY, MOST)));

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(...keys: readonly string[]): void {
    this.#keys = new Set([...keys, ...this.#keys].slice(0, MOST));
    rememberTexts(KEY, [...this.#keys]);
  }
}

export const seen = new Seen();
