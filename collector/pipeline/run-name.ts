import { createHash } from 'node:crypto';

const ADJECTIVES =
  'amber ancient azure bold brave brief bright brisk calm candid clear clever copper coral crimson crisp daring deep eager early fair fierce fluent fresh gentle gilded golden grand hidden humble indigo ivory jolly keen kind lively lucid lunar merry mild misty modest noble patient polar proud quick quiet rapid rustic scarlet serene sharp silent silver smooth solar steady subtle swift vivid warm winter'.split(
    ' ',
  );
const NOUNS =
  'anchor atlas badger beacon birch breeze brook canyon cedar cinder cliff cloud comet condor coral crane delta dune eagle ember falcon fern fjord forest galaxy geyser glacier grove harbor heron island jaguar lagoon lantern lark lynx maple meadow mesa meteor nebula oasis orbit orchid otter pebble pine planet prairie quartz raven reef ridge river robin saffron spruce summit thistle tundra valley willow wren zephyr'.split(
    ' ',
  );

/** Name of a run that was given none: an adjective and a noun, always the same for the same id. */
export function defaultRunName(runId: string): string {
  const hash = createHash('sha256').update(runId).digest();
  const pick = (words: readonly string[], offset: number): string =>
    words[hash.readUInt32LE(offset) % words.length] as string;
  return `${pick(ADJECTIVES, 0)}-${pick(NOUNS, 4)}`;
}
