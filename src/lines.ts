import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_CHARACTERS = 256 * 1024;

/** Cuts text that comes in pieces into lines; a line beyond 256 Ki characters is cut into several. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** @returns the lines that are complete, without their ends. */
  push(piece: Buffer | string): string[] {
    const text = this.#rest + (typeof piece === 'string' ? piece : this.#decoder.write(piece));
    const lines = text.split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length < MAX_LINE_CHARACTERS) return lines;
    return [...lines, this.end()].filter((line) => line !== undefined);
  }

  /** @returns the last line, if it has no end; the next piece begins a new one. */
  end(): string | undefined {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? undefined : rest;
  }
}
