/** How the values of a window become one; of `rate of change` (per minute) and `spread` (greatest minus least) two points are the least. */
export const AGGREGATIONS = ['average', 'sum', 'at least one', 'all', 'rate of change', 'spread'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** Equal to a bound never fires. */
export type Bounds =
  | { readonly test: 'is above' | 'is below'; readonly threshold: number }
  | { readonly test: 'is inside range' | 'is outside range'; readonly low: number; readonly high: number };

/** Window and distance of evaluations, nanoseconds. */
export interface Timing {
  /** For the rule the run begins so long after its start: what comes up to then is not looked at. */
  readonly delayNano: number;
  readonly windowNano: number;
  readonly frequencyNano: number;
}

/** Fires at a tick when the aggregate of the window lies beyond the bounds. */
export interface WindowRule extends Timing {
  readonly kind: 'window';
  /** Only `*` is special. */
  readonly metric: string;
  readonly bounds: Bounds;
  readonly aggregation: Aggregation;
  /** Ticks with less than a full window since the start of the run count too. */
  readonly evaluatesPartialWindow: boolean;
}

/** Fires at a tick when its window holds no point. */
export interface NoDataRule extends Timing {
  readonly kind: 'no data';
  readonly metric: string;
}

/** Fires at once when a value is NaN or infinite; ends after the longer of window and frequency without one. */
export interface NotFiniteRule extends Timing {
  readonly kind: 'not finite';
  readonly metric: string;
}

/** Fires at once when the text of an event matches; ends as {@link NotFiniteRule}. */
export interface EventsRule extends Timing {
  readonly kind: 'events';
  readonly pattern: string;
  readonly patternType: 'substring' | 'regex';
}

/** Fires while the run has one of these statuses. */
export interface StatusRule {
  readonly kind: 'status';
  readonly statuses: readonly ('failed' | 'lost')[];
}

export type Rule = WindowRule | NoDataRule | NotFiniteRule | EventsRule | StatusRule;

/** Whether a value lies beyond the bounds; NaN never does. */
export function isBeyond(bounds: Bounds, value: number): boolean {
  switch (bounds.test) {
    case 'is above':
      return value > bounds.threshold;
    case 'is below':
      return value < bounds.threshold;
    case 'is inside range':
      return value > bounds.low && value < bounds.high;
    case 'is outside range':
      return value < bounds.low || value > bounds.high;
  }
}
