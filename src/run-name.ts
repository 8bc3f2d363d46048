import { randomInt } from 'node:crypto';

const ADJECTIVES =
  'agile amber ample ancient azure bold brave bright brisk calm careful cheerful clear clever cosmic crisp curious daring deep eager early elegant exact fair fast fine fluent fresh gentle golden grand happy honest humble keen kind lively lucid lucky mellow merry mighty modest neat noble patient plain polite proud quick quiet rapid ready robust silent simple smooth steady stellar sturdy subtle sunny swift tidy vivid warm wise'.split(
    ' ',
  );
const NOUNS =
  'acorn anchor aspen atlas badger beacon birch bridge brook canyon cedar cliff comet compass condor coral crater crane delta dune eagle ember falcon fern field finch fjord forest galaxy garden glacier grove harbor heron hill island jasper lagoon lake lantern lark maple marsh meadow meteor moon mountain nebula oak ocean orbit orchid otter pebble pine planet prairie quartz raven reef ridge river robin sail sparrow spruce star stone summit tide valley willow'.split(
    ' ',
  );

const MAX_CHARACTERS = 255;
const NAME = /^[a-zA-Z0-9\-_\s/.:]+$/;
const INVALID_IN_NAME = /[^a-zA-Z0-9\-_\s/.:]/g;

/** A name of two random words, `<adjective>-<noun>`. */
export function generateRunName(): string {
  return `${ADJECTIVES[randomInt(ADJECTIVES.length)]}-${NOUNS[randomInt(NOUNS.length)]}`;
}

/** What is wrong with the name of a run; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name.length > MAX_CHARACTERS) return `has ${name.length} characters, at most ${MAX_CHARACTERS} are possible`;
  return NAME.test(name) ? undefined : 'may have letters, digits, space and - _ / . : only';
}

/** The nearest valid name. */
export function mendRunName(name: string): string {
  const mended = name.replace(INVALID_IN_NAME, '-').slice(0, MAX_CHARACTERS);
  return mended === '' ? generateRunName() : mended;
}
