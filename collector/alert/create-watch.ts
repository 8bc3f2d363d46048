import type { Watch } from './evaluation.ts';
import { MatchWatch } from './match-watch.ts';
import type { Rule } from './rule.ts';
import { StatusWatch } from './status-watch.ts';
import { TickWatch } from './tick-watch.ts';

/** @param sinceNano - how far the run had come when the rule was attached. */
export function createWatch(rule: Rule, sinceNano: number): Watch {
  switch (rule.kind) {
    case 'window':
    case 'no data':
      return new TickWatch(rule, sinceNano);
    case 'events':
    case 'not finite':
      return new MatchWatch(rule);
    case 'status':
      return new StatusWatch(rule);
  }
}

/** @param saved - what the watch of the same rule gave. @param parts - its parts. @throws RangeError when it is something else. */
export function restoreWatch(rule: Rule, saved: Float64Array, parts?: ReadonlyMap<number, Float64Array>): Watch {
  switch (rule.kind) {
    case 'window':
    case 'no data':
      return TickWatch.restore(rule, saved, parts);
    case 'events':
    case 'not finite':
      return MatchWatch.restore(rule, saved);
    case 'status':
      return new StatusWatch(rule, saved);
  }
}
