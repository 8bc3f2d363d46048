import { configError } from '../errors.ts';
import { LEVELS, type Level } from '../log-record.ts';

/** From which level on a bridge takes messages; `off` takes none. */
export type Threshold = Level | 'off';

const LEVEL_OF_NUMBER: readonly (readonly [least: number, level: Level])[] = [
  [LEVELS.fatal, 'fatal'],
  [LEVELS.error, 'error'],
  [LEVELS.warn, 'warn'],
  [LEVELS.info, 'info'],
  [LEVELS.debug, 'debug'],
];

/** Words of npm, syslog and other loggers that are not levels of ours. */
const OTHER_WORDS: ReadonlyMap<string, Level> = new Map([
  ['silly', 'trace'],
  ['verbose', 'debug'],
  ['http', 'info'],
  ['log', 'info'],
  ['notice', 'info'],
  ['err', 'error'],
  ['crit', 'critical'],
  ['alert', 'critical'],
  ['emerg', 'critical'],
]);

/** Level of an OTLP severity number; 0 (not given) is `info`. */
export function levelOfSeverity(severityNumber: number): Level {
  if (severityNumber === 0) return 'info';
  return LEVEL_OF_NUMBER.find(([least]) => severityNumber >= least)?.[1] ?? 'trace';
}

/** Level of a logger's own word; one that is not known is `info`. */
export function levelOfWord(word: string): Level {
  const lower = word.toLowerCase();
  if (Object.hasOwn(LEVELS, lower)) return lower as Level;
  return OTHER_WORDS.get(lower) ?? 'info';
}

export function reaches(level: Level, threshold: Threshold): boolean {
  return threshold !== 'off' && LEVELS[level] >= LEVELS[threshold];
}

/** @throws `SIMVUE_ERR_CONFIG` when the text is not a threshold. */
export function parseThreshold(setting: string, text: string | undefined): Threshold {
  const word = text?.trim().toLowerCase() || 'trace';
  if (word === 'off' || Object.hasOwn(LEVELS, word)) return word as Threshold;
  throw configError(setting, `"${text}" is not a level`, `Use ${Object.keys(LEVELS).join(', ')} or off.`);
}
