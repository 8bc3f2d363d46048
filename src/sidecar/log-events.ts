import type { Level } from '../log-record.ts';
import type { Run } from '../run.ts';
import { levelOfLine } from './line-level.ts';

/** Colours, cursor movements, titles and character sets of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with the control character ESC
const TERMINAL_CODE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[@-Z\\^_=>])/g;

/** Makes an event of each line that is not empty; a word such as `ERROR` near its beginning is its level. */
export class LogEvents {
  readonly #run: Pick<Run, 'logEvent'>;
  readonly #level: Level;
  readonly #source: string;

  /** @param level - of lines that say none. @param source - attribute `log.source` of the events. */
  constructor(run: Pick<Run, 'logEvent'>, source: string, level: Level) {
    this.#run = run;
    this.#source = source;
    this.#level = level;
  }

  onLine(line: string): void {
    const text = shownText(line.replace(TERMINAL_CODE, ''));
    if (text === '') return;
    const level = levelOfLine(text) ?? this.#level;
    this.#run.logEvent(text, { level, attributes: { 'log.source': this.#source } });
  }

  onRestart(): void {
    // Every line stands for itself.
  }
}

/** A terminal shows what was written last over the line, as a bar of progress is. */
function shownText(line: string): string {
  const frames = line.split('\r').map((frame) => frame.trimEnd());
  return frames.findLast((frame) => frame !== '') ?? '';
}
