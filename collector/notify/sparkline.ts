const BARS = '▁▂▃▄▅▆▇█';

/** Values as a row of bars; a blank where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (finite.length < 2) return '';
  const low = Math.min(...finite);
  const range = Math.max(...finite) - low;
  return values
    .map((value) => {
      if (value === null || !Number.isFinite(value)) return ' ';
      return BARS[range === 0 ? 0 : Math.round(((value - low) / range) * (BARS.length - 1))];
    })
    .join('');
}
