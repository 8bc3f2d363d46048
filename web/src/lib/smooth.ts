/**
 * Exponential moving average that starts unbiased; a break of the line stays a break.
 * @param strength - 0 (as it is) to 100.
 */
export function smooth(values: readonly (number | null)[], strength: number): (number | null)[] {
  const weight = Math.min(0.995, Math.sqrt(strength / 100));
  if (weight <= 0) return [...values];
  let sum = 0;
  let share = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + value * (1 - weight);
    share = share * weight + (1 - weight);
    return sum / share;
  });
}
