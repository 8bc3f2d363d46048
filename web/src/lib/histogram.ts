import type { EventHistogram } from '../../../collector/api/contract/telemetry.ts';

export const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export interface Bar {
  readonly level: (typeof LEVELS)[number];
  readonly bin: number;
  readonly y: number;
  readonly height: number;
}

/** Least 1, 2 or 5 times a power of ten that is not below `value`. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10);
}

/** Stacked bars, error at the top, in a plot of `height` pixels. */
export function stackBars(bins: EventHistogram['data'], height: number): { top: number; bars: Bar[] } {
  const top = roundUp(Math.max(1, ...bins.map((bin) => bin.error + bin.warn + bin.info + bin.debug)));
  const bars = bins.flatMap((counts, bin) => {
    let y = height;
    return [...LEVELS].reverse().flatMap((level): Bar[] => {
      const size = (counts[level] / top) * height;
      y -= size;
      return size > 0 ? [{ level, bin, y, height: size }] : [];
    });
  });
  return { top, bars };
}

/** Group of a record's level in the histogram. */
export function levelGroup(level: string | null): (typeof LEVELS)[number] {
  if (level === 'critical' || level === 'error') return 'error';
  if (level === 'warning') return 'warn';
  return level === 'info' ? 'info' : 'debug';
}
