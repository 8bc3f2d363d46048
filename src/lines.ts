import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_CHARACTERS = 256 * 1024;

const LINE_END = /\r?\n/;
/** A return at the end of a piece may be half of a line's end. */
const FRAME_END = /\r?\n|\r(?!\n|$)/;

/** Cuts text that comes in pieces into lines; a line beyond 256 Ki characters is cut into several. */
export class Lines {
  readonly #end: RegExp;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** @param cutsFrames - whether what a line is written over with (a lone carriage return) is a line of its own. */
  constructor({ cutsFrames = false }: { readonly cutsFrames?: boolean } = {}) {
    this.#end = cutsFrames ? FRAME_END : LINE_END;
  }

  /** @returns the lines that are complete, without their ends. */
  push(piece: Buffer | string): string[] {
    const text = this.#rest + (typeof piece === 'string' ? piece : this.#decoder.write(piece));
    const lines = text.split(this.#end);
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
