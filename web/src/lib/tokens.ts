import { parseColour } from './colour.ts';

const cache = new Map<string, string>();

/** Value of a design token in the theme that is shown. */
export function token(name: string): string {
  let value = cache.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    cache.set(name, value);
  }
  return value;
}

/** To be called when the theme changes. */
export const forgetTokens = (): void => cache.clear();

/** A token of a colour with an opacity. */
export function translucent(name: string, opacity: number): string {
  return `rgba(${parseColour(token(name)).join(',')},${opacity})`;
}
