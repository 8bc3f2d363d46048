import type { Run } from '../run.ts';
import type { OutputListener } from './command.ts';

const REDRAW_MILLIS = 1000;
const ERASE = '\r\u001b[2K';
const NEWLINE = 10;

/** One line at the bottom of a terminal that says how far the run is; it is gone before the command writes, and waits while a line of it is open. */
export class ProgressLine implements OutputListener {
  readonly #run: Pick<Run, 'counters' | 'name'>;
  readonly #terminal: Pick<NodeJS.WriteStream, 'write'>;
  readonly #startMillis = performance.now();
  readonly #timer = setInterval(() => this.#draw(), REDRAW_MILLIS).unref();
  #isShown = false;
  #isLineOpen = false;
  #isQuiet = true;

  constructor(run: Pick<Run, 'counters' | 'name'>, terminal: Pick<NodeJS.WriteStream, 'write'>) {
    this.#run = run;
    this.#terminal = terminal;
  }

  onOutput(_stream: 'stdout' | 'stderr', piece: Buffer): void {
    this.#erase();
    this.#isQuiet = false;
    this.#isLineOpen = piece.at(-1) !== NEWLINE;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  /** Not while the command writes: it would only flicker. */
  #draw(): void {
    const mayDraw = this.#isQuiet && !this.#isLineOpen;
    this.#isQuiet = true;
    if (!mayDraw) return;
    const { delivered, dropped } = this.#run.counters;
    const seconds = Math.round((performance.now() - this.#startMillis) / 1000);
    const lost = dropped === 0 ? '' : `, ${dropped} dropped`;
    this.#terminal.write(
      `${ERASE}simvue: ${this.#run.name}, ${seconds} s, ${delivered} values and events delivered${lost}`,
    );
    this.#isShown = true;
  }

  #erase(): void {
    if (this.#isShown) this.#terminal.write(ERASE);
    this.#isShown = false;
  }
}
