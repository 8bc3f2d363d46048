import { levelOfWord } from '../bridges/severity.ts';
import type { Level } from '../log-record.ts';
import type { Run } from '../run.ts';

const LEVEL_WORD = /^\W*(?:\S+\s+){0,3}?\W*(trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal)\b/i;
/** Colours and cursor movements of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with the control character ESC
const TERMINAL_CODE = /\u001b\[[0-9;?]*[A-Za-z]/g;

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
    const text = line.replace(TERMINAL_CODE, '').trimEnd();
    if (text === '') return;
    const word = LEVEL_WORD.exec(text)?.[1];
    const level = word === undefined ? this.#level : levelOfWord(word);
    this.#run.logEvent(text, { level, attributes: { 'log.source': this.#source } });
  }

  onRestart(): void {
    // Every line stands for itself.
  }
}
