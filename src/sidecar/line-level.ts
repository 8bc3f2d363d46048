import { levelOfWord } from '../bridges/severity.ts';
import type { Level } from '../log-record.ts';

const WORDS = 'trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal';
/** Words before the level: anything, or only what has the look of a time or a place. */
const ANY = String.raw`^(?:\S+\s+){0,3}?`;
const STAMP = String.raw`^(?:[\d\W]\S*[:./\]-]\S*\s+){0,3}?`;

const FORMS: readonly RegExp[] = [
  new RegExp(`${STAMP}\\W*(${WORDS})\\b`, 'i'),
  new RegExp(`${ANY}\\W*(${WORDS.toUpperCase()})\\b`),
  new RegExp(String.raw`${ANY}\W*(${WORDS}):`, 'i'),
  new RegExp(String.raw`${ANY}\S*?[[(<|="](${WORDS})(?=[\])>|"\s])`, 'i'),
];

/** `error 0.01`, `Error norm = 1e-3`, `error: 3`: a quantity of that name. */
const QUANTITY =
  /^(?:\s+[a-z_()-]+){0,2}\s*[:=]?\s*[+-]?(?:(?:\d+\.\d*|\.\d+)(?:[ed][+-]?\d+)?|\d+(?:e[+-]?\d+|\s*(?:$|[,;|%]))|nan\b|inf)/i;

const NEAR_BEGINNING = 120;

/** Level that a line of a log says near its beginning; undefined when it says none. */
export function levelOfLine(line: string): Level | undefined {
  const text = line.slice(0, NEAR_BEGINNING).trimStart();
  for (const form of FORMS) {
    const match = form.exec(text);
    const word = match?.[1];
    if (match === null || word === undefined) continue;
    return QUANTITY.test(text.slice(match.index + match[0].length)) ? undefined : levelOfWord(word);
  }
  return undefined;
}
