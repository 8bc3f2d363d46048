const FIRST_SECONDS = 0.5;
const LONGEST_SECONDS = 15;

/** Pause before the next attempt: doubles up to 15 s, with up to a quarter of jitter; `random` is from 0 to 1. */
export function backOffSeconds(attempt: number, random: number): number {
  return Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempt, 20)) * (1 - random / 4);
}
