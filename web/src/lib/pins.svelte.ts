import { rememberedTexts, rememberTexts } from './remembered.ts';

const KEY = 'simvue.pins';
const MOST = 200;

/** Titles of the cards that the reader wants first, in every run; kept in this browser; reactive. */
class Pins {
  #titles = $state.raw<readonly string[]>(rememberedTexts(KEY, MOST));

  has(title: string): boolean {
    return this.#titles.includes(title);
  }

  toggle(title: string): void {
    const rest = this.#titles.filter((other) => other !== title);
    this.#titles = rest.length < this.#titles.length ? rest : [title, ...rest].slice(0, MOST);
    rememberTexts(KEY, this.#titles);
  }

  /** Pinned ones first; in themselves both stay in their order. */
  first<T extends { readonly title: string }>(cards: readonly T[]): T[] {
    return [...cards.filter(({ title }) => this.has(title)), ...cards.filter(({ title }) => !this.has(title))];
  }
}

export const pins = new Pins();
