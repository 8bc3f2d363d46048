/** What is taken of all points of a metric. */
export const AGGREGATES = ['last', 'min', 'max', 'average'] as const;
export type Aggregate = (typeof AGGREGATES)[number];
