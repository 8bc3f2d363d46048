import type { Colour } from './colour.ts';

/** Colour of a share from 0 to 1 on a scale of evenly spaced stops. */
export function scaleColour(stops: readonly Colour[], share: number): Colour {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [a, b] = [stops[index] ?? [0, 0, 0], stops[index + 1] ?? [0, 0, 0]];
  const mix = (part: 0 | 1 | 2) => Math.round(a[part] + (b[part] - a[part]) * (place - index));
  return [mix(0), mix(1), mix(2)];
}

/**
 * Pixels of a heat map, one a cell, RGBA; a cell without a finite value is transparent.
 *
 * @param rows - the first one is drawn at the bottom.
 */
export function heatPixels(
  rows: readonly (readonly (number | null)[])[],
  [low, high]: readonly [number, number],
  stops: readonly Colour[],
): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } {
  const width = Math.max(1, ...rows.map((row) => row.length));
  const height = Math.max(1, rows.length);
  const data = new Uint8ClampedArray(width * height * 4);
  rows.forEach((row, index) => {
    const line = (height - 1 - index) * width;
    row.forEach((value, column) => {
      if (value === null || !Number.isFinite(value)) return;
      const [red, green, blue] = scaleColour(stops, high > low ? (value - low) / (high - low) : 0.5);
      data.set([red, green, blue, 255], (line + column) * 4);
    });
  });
  return { width, height, data };
}
