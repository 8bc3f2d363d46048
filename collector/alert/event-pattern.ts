import { RE2JS } from 're2js';
import type { EventsRule } from './rule.ts';

/** Instructions that a regular expression may compile to. */
const MAX_PROGRAM_SIZE = 500;
/** Instructions times characters spent on one text, some milliseconds; what lies behind is not searched. */
const MAX_STEPS = 500_000;
/** Stands for the rest of a text that is cut, so that `$` does not take the cut for the end. */
const CUT = '\u0000';

/** A test of the text of an event. */
export type EventMatcher = (text: string) => boolean;

/**
 * Regular expressions run on an engine whose time is linear in the text.
 *
 * @throws Error of the engine when the pattern is not a regular expression, RangeError when it is too large.
 */
export function compilePattern({ pattern, patternType }: Pick<EventsRule, 'pattern' | 'patternType'>): EventMatcher {
  if (patternType === 'substring') return (text) => text.includes(pattern);
  const expression = RE2JS.compile(pattern);
  const size = expression.programSize();
  if (size > MAX_PROGRAM_SIZE)
    throw new RangeError(`it compiles to ${size} instructions, more than ${MAX_PROGRAM_SIZE}`);
  const maxCharacters = Math.floor(MAX_STEPS / size);
  return (text) => expression.matcher(text.length > maxCharacters ? text.slice(0, maxCharacters) + CUT : text).find();
}
